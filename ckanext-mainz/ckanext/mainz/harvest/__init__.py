"""How records arrive: sources, records, datasets."""
