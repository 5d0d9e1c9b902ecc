"""What a dataset is, as data: schemas and vocabularies. Scheming wants this folder to be a regular package."""

from pathlib import Path

FOLDER = Path(__file__).parent
VOCABULARIES = FOLDER / "vocabularies"
