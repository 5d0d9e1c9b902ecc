"""Configuration as package data: ckan.ini runs as it is; the office's own pages lie beside it."""

from pathlib import Path

FOLDER = Path(__file__).parent
CKAN_INI = FOLDER / "ckan.ini"
PAGES = FOLDER / "pages"
