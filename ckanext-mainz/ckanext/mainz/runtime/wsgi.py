"""The web application: CKAN's, with what rooms lay around it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ckanext.mainz.runtime.hooks import WSGI, hooks

WsgiApp = Callable[..., Any]


def wrap(app: WsgiApp) -> WsgiApp:
    """Lay the middleware of the entry points `ckanext.mainz.wsgi` around an application, the first name innermost."""
    for entry in hooks(WSGI):
        app = entry.load()(app)
    return app


def create() -> WsgiApp:
    """CKAN with the configuration file in `CKAN_INI`."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    return wrap(make_app(load_config()))
