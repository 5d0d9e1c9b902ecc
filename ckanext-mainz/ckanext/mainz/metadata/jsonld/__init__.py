"""Other languages of metadata: schema.org for search engines, Croissant for machine learning. Public records only."""
