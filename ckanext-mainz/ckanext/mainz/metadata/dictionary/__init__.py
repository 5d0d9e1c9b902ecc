"""What the columns of a table mean: kept with the file, proposed from its content, shown and exported."""
