"""The release check: questions that a record answers before its release, and the scan of its tables."""
