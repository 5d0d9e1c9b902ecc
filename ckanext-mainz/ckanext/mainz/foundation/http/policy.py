"""What the operator decides about outgoing requests."""

from __future__ import annotations

from dataclasses import dataclass, field

from urllib3.util import parse_url

from ckanext.mainz.foundation.addresses import AddressPolicy

MEGABYTE = 1024 * 1024
_ABOVE_ZERO = (
    "connect_timeout",
    "read_timeout",
    "total_timeout",
    "max_bytes",
    "max_download_bytes",
    "max_parallel_per_host",
)


@dataclass(frozen=True)
class HttpPolicy:
    """Limits of outgoing requests; times in seconds, sizes in bytes after decompression.

    `total_timeout` holds for one attempt, from the look-up of the name through all redirects to the last byte. A source
    that needs more gets a session of its own: ``Session(dataclasses.replace(policy, total_timeout=600))``.
    """

    addresses: AddressPolicy = field(default_factory=AddressPolicy)
    connect_timeout: float = 10
    read_timeout: float = 60
    total_timeout: float = 300
    max_bytes: int = 50 * MEGABYTE
    max_download_bytes: int = 500 * MEGABYTE
    max_redirects: int = 5
    retries: int = 2
    retry_wait: float = 2
    max_retry_wait: float = 60
    max_parallel_per_host: int = 2
    user_agent: str = "ckanext-mainz"
    proxy: str = ""
    ca_bundle: str = ""

    def __post_init__(self) -> None:
        """Raises `ValueError` with a sentence for the operator where a setting would let requests hang or fail."""
        for name in _ABOVE_ZERO:
            if not getattr(self, name) > 0:
                raise ValueError(f"The setting {name} of outgoing requests must be more than 0.")
        proxy = parse_url(self.proxy) if self.proxy else None
        if proxy and (proxy.scheme != "http" or not proxy.host):
            raise ValueError("The proxy of outgoing requests must be written like http://proxy.example.org:3128.")
