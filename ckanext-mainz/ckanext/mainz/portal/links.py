"""Addresses of the portal's own pages, made without the router: a search page needs some fifty of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from ckan.plugins import toolkit
from flask import g, has_request_context


@dataclass(frozen=True)
class Links:
    """Addresses below `prefix`, which holds the mount path and the language (``/en``, or nothing)."""

    prefix: str

    def home(self) -> str:
        return f"{self.prefix}/"

    def search(self, parameters: Iterable[tuple[str, str]] = ()) -> str:
        return with_query(f"{self.prefix}/dataset/", parameters)

    def dataset(self, name: str) -> str:
        return f"{self.prefix}/dataset/{quote(name)}"

    def record(self, type: str, name: str) -> str:
        """A dataset, series or service."""
        return f"{self.prefix}/{quote(type)}/{quote(name)}"

    def history(self, type: str, name: str) -> str:
        """What was released of a record."""
        return f"{self.record(type, name)}/history"

    def resource(self, dataset: str, resource_id: str) -> str:
        return f"{self.dataset(dataset)}/resource/{quote(resource_id)}"

    def organizations(self) -> str:
        return f"{self.prefix}/organization/"

    def organization(self, name: str) -> str:
        return f"{self.prefix}/organization/{quote(name)}"

    def page(self, name: str) -> str:
        return f"{self.prefix}/{quote(name)}"


def with_query(address: str, parameters: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(parameters))
    return f"{address}?{query}" if query else address


def links() -> Links:
    """Links in the language of this request."""
    if not has_request_context():
        return Links("")
    if "mainz_links" not in g:
        g.mainz_links = Links(toolkit.url_for("home.index").rstrip("/"))
    return g.mainz_links


def file_address(resource: dict[str, Any]) -> str:
    """Where the file of a resource is fetched; our own files by a path, so that every host name works."""
    url = str(resource.get("url") or "")
    return urlsplit(url).path if resource.get("url_type") == "upload" else url
