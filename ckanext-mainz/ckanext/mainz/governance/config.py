"""Options of the governance room as functions with a type."""

from __future__ import annotations

from ckan.plugins import toolkit

from ckanext.mainz.foundation.addresses import Network, parse_networks

PREFIX = "ckanext.mainz.governance."
MEGABYTE = 1024 * 1024


def small_cells() -> int:
    """Counts of people from 1 up to below this are findings of the release check; 0 or 1 means none are."""
    return int(toolkit.config[PREFIX + "small_cells"])


def scan_at_once_bytes() -> int:
    """Files up to this size are looked at while somebody waits; the worker looks at larger ones."""
    return int(toolkit.config[PREFIX + "scan_at_once_megabytes"]) * MEGABYTE


def invitation_days() -> int:
    """For how many days an invitation can be taken up."""
    return int(toolkit.config[PREFIX + "invitation_days"])


def proxy_header() -> str:
    """Name of the header in which a proxy says who is there; empty where there is no such proxy."""
    return _text("proxy.header")


def proxy_networks() -> tuple[Network, ...]:
    """Addresses of the proxy. Raises `ValueError` with a sentence for the operator for what is no address."""
    return parse_networks(_text("proxy.networks"))


def proxy_secret_header() -> str:
    """Name of the header in which the proxy proves that it is the proxy; empty where it need not."""
    return _text("proxy.secret_header")


def proxy_secret() -> str:
    """What stands in that header."""
    return _text("proxy.secret")


def proxy_sysadmins() -> bool:
    """Whether the proxy may bring administrators in as well."""
    return bool(toolkit.asbool(toolkit.config[PREFIX + "proxy.sysadmins"]))


def _text(name: str) -> str:
    return str(toolkit.config.get(PREFIX + name) or "").strip()
