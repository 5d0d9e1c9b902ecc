"""The writing side: forms for datasets and their files, and what protects them."""
