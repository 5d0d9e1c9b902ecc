"""Options of the foundation as functions with a type."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.foundation.addresses import AddressPolicy, parse_networks, parse_ports
from ckanext.mainz.foundation.http import HttpPolicy

MEGABYTE = 1024 * 1024
NUMBERS = (
    "connect_timeout",
    "read_timeout",
    "total_timeout",
    "max_redirects",
    "retries",
    "retry_wait",
    "max_retry_wait",
    "max_parallel_per_host",
)


def max_file_bytes() -> int:
    """Largest accepted file of a resource, in bytes."""
    return int(toolkit.config["ckanext.mainz.files.max_megabytes"]) * MEGABYTE


def http_policy() -> HttpPolicy:
    """What the operator decides about outgoing requests (``ckanext.mainz.http.*``).

    Raises `ValueError` with a sentence for the operator where a setting cannot be used.
    """
    return HttpPolicy(
        addresses=_addresses(),
        max_bytes=_http("max_megabytes") * MEGABYTE,
        max_download_bytes=_http("max_download_megabytes") * MEGABYTE,
        user_agent=_http("user_agent") or _own_name(),
        proxy=_http("proxy"),
        ca_bundle=_http("ca_bundle"),
        **{name: _http(name) for name in NUMBERS},
    )


def _http(name: str) -> Any:
    return toolkit.config[f"ckanext.mainz.http.{name}"]


def _addresses() -> AddressPolicy:
    return AddressPolicy(
        allowed=parse_networks(_http("allowed_networks")),
        refused=parse_networks(_http("refused_networks")),
        ports=parse_ports(_http("allowed_ports")),
    )


def _own_name() -> str:
    return f"ckanext-mainz/{version('ckanext-mainz')} (+{toolkit.config['ckan.site_url']})"
