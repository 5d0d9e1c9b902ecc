"""How answers leave the portal: WSGI layers around CKAN's application."""

from __future__ import annotations

from typing import Any


def wrap(app: Any) -> Any:
    """Wraps CKAN's WSGI application in the layers of this room."""
    return app
