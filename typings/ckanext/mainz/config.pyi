from pathlib import Path

FOLDER: Path
CKAN_INI: Path
PAGES: Path
LICENSES: Path
