"""What a dataset is, as data: ckanext-scheming schemas and vocabularies (this folder must be a regular package for scheming)."""

from pathlib import Path

FOLDER = Path(__file__).parent
VOCABULARIES = FOLDER / "vocabularies"
