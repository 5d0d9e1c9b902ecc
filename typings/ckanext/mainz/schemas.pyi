from pathlib import Path

FOLDER: Path
VOCABULARIES: Path
