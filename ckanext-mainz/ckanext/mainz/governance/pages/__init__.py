"""The pages by which people hand in, look at and decide. `views` holds their addresses."""
