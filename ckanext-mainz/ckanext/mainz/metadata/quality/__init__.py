"""How good the metadata of a dataset are: score, rules beyond the shapes, links, and what may become public."""
