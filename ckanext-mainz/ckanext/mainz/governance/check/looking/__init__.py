"""How the scan looks at words and cells: pure, and without anything but the lists beside it."""
