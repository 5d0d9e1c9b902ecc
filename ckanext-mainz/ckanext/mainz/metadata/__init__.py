"""What a dataset is: validators and vocabularies behind the schemas."""
