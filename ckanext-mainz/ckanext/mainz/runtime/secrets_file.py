"""The secrets of one installation: made once at random, kept in the data folder with mode 0600."""

from __future__ import annotations

import secrets
from dataclasses import asdict, dataclass, fields

from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.folder import DataFolder, read_json, write_json


@dataclass(frozen=True)
class Secrets:
    """Passwords of the database roles and the key that signs sessions and tokens; all are URL-safe text."""

    postgres_owner: str
    postgres_ckan: str
    postgres_datastore_read: str
    secret_key: str


def load_secrets(folder: DataFolder) -> Secrets:
    """The installation's secrets; what is missing is made and written.

    Raises PortalError if the file is gone and the database is not: only it has the passwords.
    """
    if folder.postgres.exists() and not folder.secrets.exists():
        raise PortalError(f"{folder.secrets} is missing, and the database cannot be opened without it; restore it.")
    known = read_json(folder.secrets)
    names = [field.name for field in fields(Secrets)]
    found = Secrets(**{name: known.get(name) or secrets.token_urlsafe(32) for name in names})
    if any(name not in known for name in names):
        write_json(folder.secrets, {**known, **asdict(found)})
    return found
