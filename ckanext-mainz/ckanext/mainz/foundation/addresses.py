"""Which network addresses the portal may go to on behalf of a person, a record or a source.

Public unicast addresses, and what the operator lists. The table below follows IANA's registries of special-purpose
addresses (RFC 6890 and its updates) rather than `ipaddress.is_global`, whose answer differs between the Python versions
we support and leaves out the metadata services of clouds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from ckanext.mainz.foundation.errors import N_, Message

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

DEFAULT_PORTS = (range(80, 81), range(443, 444), range(8080, 8081), range(8443, 8444))
HIGHEST_PORT = 65535

REFUSED_BY_OPERATOR = N_("in a network that the operator refuses")
NOT_ASSIGNED = N_("in a reserved range")

# The first row that contains an address gives the reason, so narrow rows stand before wide ones.
_SPECIAL_USE: tuple[tuple[Message, str], ...] = (
    (
        N_("the metadata service of a cloud"),
        "169.254.169.254/32 169.254.170.2/32 100.100.100.200/32 168.63.129.16/32 192.0.0.192/32"
        " fd00:ec2::/32 fd20:ce::254/128",
    ),
    (N_("this machine itself"), "127.0.0.0/8 0.0.0.0/8 ::1/128 ::/128"),
    (N_("in a private network"), "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7 fec0::/10"),
    (N_("a link-local address"), "169.254.0.0/16 fe80::/10"),
    (N_("a group address (multicast)"), "224.0.0.0/4 ff00::/8"),
    (
        N_("an IPv4 address inside an IPv6 address"),
        "::ffff:0:0/96 ::ffff:0:0:0/96 ::/96 64:ff9b::/96 64:ff9b:1::/48 2001::/32 2002::/16",
    ),
    (
        N_("in a range for documentation and tests"),
        "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 198.18.0.0/15 2001:db8::/32 3fff::/20 2001:2::/48",
    ),
    (NOT_ASSIGNED, "192.0.0.0/24 192.88.99.0/24 240.0.0.0/4 2001::/23"),
)
_SPECIAL_NETWORKS = tuple((ip_network(text), reason) for reason, row in _SPECIAL_USE for text in row.split())
_GLOBAL_UNICAST = IPv6Network("2000::/3")  # all that IANA has given out of IPv6 so far
_NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_IPV4_AT_THE_END = (*_NAT64, IPv6Network("::/96"), IPv6Network("::ffff:0:0:0/96"))


@dataclass(frozen=True)
class AddressPolicy:
    """What the operator says about addresses and ports. Without a word from him only public addresses are permitted."""

    allowed: tuple[Network, ...] = ()
    refused: tuple[Network, ...] = ()
    ports: tuple[range, ...] = DEFAULT_PORTS

    def objection(self, address: Address) -> Message | None:
        """Why `address` may not be connected to, or None.

        An IPv4 address that travels inside an IPv6 address (mapped, NAT64, 6to4, Teredo) is judged as well, so that
        listing ``64:ff9b::/96``, as a network without IPv4 needs it, opens no private network.
        """
        if _contains(self.refused, address):
            return REFUSED_BY_OPERATOR
        inner = embedded_ipv4(address)
        if inner is not None and (objection := self.objection(inner)):
            return objection
        return None if self.lists(address) else special_use(address)

    def lists(self, address: Address) -> bool:
        """Whether the operator has allowed the network of `address` by name."""
        return _contains(self.allowed, address)

    def permits_port(self, port: int) -> bool:
        return any(port in ports for ports in self.ports)


def special_use(address: Address) -> Message | None:
    """What `address` is, unless it is a public unicast address."""
    for network, reason in _SPECIAL_NETWORKS:
        if address in network:
            return reason
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return NOT_ASSIGNED
    return None


def embedded_ipv4(address: Address) -> IPv4Address | None:
    """The IPv4 address that a gateway or the kernel would make of this IPv6 address, if any."""
    if isinstance(address, IPv4Address):
        return None
    if address.teredo is not None:
        return address.teredo[1]
    if int(address) > 1 and _contains(_IPV4_AT_THE_END, address):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def parse_networks(text: str) -> tuple[Network, ...]:
    """Networks from an option such as ``10.0.0.0/8, fd12::/16``; a single address is a network of one.

    Raises `ValueError` with a sentence for the operator.
    """
    return tuple(_network(part) for part in _parts(text))


def _network(part: str) -> Network:
    try:
        return ip_network(part)
    except ValueError as error:
        raise ValueError(f"“{part}” is not a network ({error}); write it like 10.0.0.0/8 or fd12::/16.") from error


def parse_ports(text: str) -> tuple[range, ...]:
    """Ports from an option such as ``80 443 8000-8999``. Raises `ValueError` with a sentence for the operator."""
    return tuple(_port_range(part) for part in _parts(text))


def _port_range(part: str) -> range:
    if match := re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", part):
        first, last = int(match[1]), int(match[2] or match[1])
        if 0 < first <= last <= HIGHEST_PORT:
            return range(first, last + 1)
    raise ValueError(f"“{part}” is not a port; write ports like 80 443 8000-8999.")


def _parts(text: str) -> list[str]:
    return [part for part in re.split(r"[\s,]+", text) if part]


def _contains(networks: Iterable[Network], address: Address) -> bool:
    return any(address in network for network in networks)
