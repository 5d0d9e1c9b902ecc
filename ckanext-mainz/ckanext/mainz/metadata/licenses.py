"""CKAN's register of licences, made from ``schemas/vocabularies/licenses.yaml``.

CKAN fills its register from a JSON file. So that there is one list and not two, it is filled from the vocabulary
instead, unless the operator names a file of their own (``licenses_group_url``).
"""

from __future__ import annotations

from typing import Any

import ckan.model as model
from ckan.common import config
from ckan.model import license as core
from ckan.plugins import toolkit
from flask import has_request_context

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.vocabulary import Term

NAME = "licenses"
GERMAN = "de"


class License(core.License):
    """A licence whose title is in the language of the request: CKAN's pages and actions ask for ``title``."""

    def __init__(self, term: Term) -> None:
        super().__init__(record(term))
        self._term = term

    @property
    def title(self) -> str:
        """The label in the language of the page; German where there is no request."""
        return self._term.label(str(toolkit.h.lang() or GERMAN) if has_request_context() else GERMAN)

    def license_dictize(self) -> dict[str, Any]:
        return {**super().license_dictize(), "title": self.title}


def install() -> None:
    """Fills every register that is made from now on, and the one that was made already. May be called again."""
    core.LicenseRegister.__init__ = _fill
    model.Package._license_register = core.LicenseRegister()


def _fill(self: core.LicenseRegister) -> None:
    address = config.get("licenses_group_url")
    if address:
        self.load_licenses(address)
    else:
        self.licenses = [License(term) for term in vocabulary.terms(NAME)]


def record(term: Term) -> dict[str, Any]:
    """A licence in the shape of CKAN's JSON files; those that forms do not offer are ``retired``."""
    return {
        "id": term.code,
        "title": term.de,
        "url": term.url,
        "uri": term.uri,
        "status": "active" if term.offered else "retired",
        "domain_content": True,
        "domain_data": True,
        "domain_software": False,
        "family": "",
        "maintainer": "",
        "is_generic": False,
        "od_conformance": "approved" if term.open else "rejected",
        "osd_conformance": "not reviewed",
    }


def find(text: str) -> Term | None:
    """The licence that a text means: CKAN's id, the URI, the address of its text, its title or another name."""
    return vocabulary.match(NAME, text)
