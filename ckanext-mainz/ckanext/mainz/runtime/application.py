"""CKAN loaded in this process, for work that no request asks for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ckan_application() -> Iterator[None]:
    """CKAN with the file in `CKAN_INI`, inside a request of its own so that addresses and translations work.

    At the end its database session is closed: what lives on (the worker) must not hold a transaction open.
    """
    from ckan import model
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    app = make_app(load_config())
    with app._wsgi_app.test_request_context():  # pyright: ignore[reportAttributeAccessIssue] - declared as CKANApp
        yield
    model.Session.remove()
