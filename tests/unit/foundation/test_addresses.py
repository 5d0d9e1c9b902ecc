"""Which addresses the portal may go to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ckanext.mainz.foundation.addresses import (
    REFUSED_BY_OPERATOR,
    AddressPolicy,
    embedded_ipv4,
    parse_networks,
    parse_ports,
    special_use,
)

ADDRESSES = st.ip_addresses()
IPV4 = st.ip_addresses(v=4)


@pytest.mark.parametrize(
    "text",
    [
        "127.0.0.1",
        "127.255.0.9",
        "0.0.0.0",
        "10.1.2.3",
        "172.31.255.255",
        "192.168.0.1",
        "100.64.0.1",
        "169.254.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "192.88.99.1",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::ffff:0:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b::8.8.8.8",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fc00::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "fe80::1",
        "fe80::1%lo",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "3fff::1",
        "4000::1",
        "100::1",
    ],
)
def test_an_address_that_is_not_public_is_refused(text: str) -> None:
    assert AddressPolicy().objection(ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2a00:1450:4001::1", "2600::1"])
def test_a_public_address_is_permitted(text: str) -> None:
    assert AddressPolicy().objection(ip_address(text)) is None


@given(ADDRESSES)
@example(IPv6Address("2001:4:112::1"))
def test_what_is_permitted_is_global_for_python_too(address: IPv4Address | IPv6Address) -> None:
    if special_use(address) is None:
        assert address.is_global
        assert not any((address.is_private, address.is_loopback, address.is_link_local, address.is_multicast))


@given(IPV4)
def test_an_address_wrapped_in_ipv6_is_never_permitted_without_the_operator(inner: IPv4Address) -> None:
    for wrapped in _wrapped(inner):
        assert AddressPolicy().objection(wrapped)


@given(IPV4)
def test_allowing_all_of_ipv6_does_not_open_private_ipv4_networks_through_gateways(inner: IPv4Address) -> None:
    policy = AddressPolicy(allowed=(ip_network("::/0"),))
    for wrapped in _wrapped(inner):
        assert (policy.objection(wrapped) is None) == (policy.objection(inner) is None)


def _wrapped(inner: IPv4Address) -> list[IPv6Address]:
    number = int(inner)
    teredo = (0x20010000 << 96) | (number ^ 0xFFFFFFFF)
    prefixes = [IPv6Address(text) for text in ("::ffff:0:0", "64:ff9b::", "64:ff9b:1::", "::ffff:0:0:0")]
    return [
        *(IPv6Address(int(prefix) | number) for prefix in prefixes),
        IPv6Address((0x2002 << 112) | (number << 80)),
        IPv6Address(teredo),
    ]


@given(IPV4)
def test_the_address_inside_is_found(inner: IPv4Address) -> None:
    assert {embedded_ipv4(wrapped) for wrapped in _wrapped(inner)} == {inner}


@given(ADDRESSES)
def test_a_network_that_the_operator_lists_is_permitted(address: IPv4Address | IPv6Address) -> None:
    everything = AddressPolicy(allowed=parse_networks("0.0.0.0/0, ::/0"))
    assert everything.objection(address) is None


@given(ADDRESSES)
def test_a_network_that_the_operator_refuses_is_refused_even_if_it_is_allowed_too(
    address: IPv4Address | IPv6Address,
) -> None:
    network = ip_network(address)
    assert AddressPolicy(allowed=(network,), refused=(network,)).objection(address) == REFUSED_BY_OPERATOR


def test_listing_one_network_opens_no_other() -> None:
    policy = AddressPolicy(allowed=parse_networks("10.1.0.0/16"))
    assert policy.objection(ip_address("10.1.2.3")) is None
    assert policy.objection(ip_address("10.2.0.1"))
    assert policy.objection(ip_address("127.0.0.1"))


def test_networks_are_read_from_an_option_with_blanks_commas_or_lines() -> None:
    read = parse_networks(" 10.0.0.0/8,\n fd12::/16 192.168.1.7 ")
    assert read == (ip_network("10.0.0.0/8"), ip_network("fd12::/16"), ip_network("192.168.1.7/32"))
    assert parse_networks("") == ()


@pytest.mark.parametrize("text", ["10.0.0.1/8", "intranet", "10.0.0.0/33"])
def test_a_network_that_is_none_is_named(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_networks(f"10.0.0.0/8 {text}")
    assert f"“{text}”" in str(caught.value)


def test_ports_are_read_singly_and_as_ranges() -> None:
    policy = AddressPolicy(ports=parse_ports("80, 443 8000-8999"))
    assert [port for port in (22, 80, 443, 7999, 8000, 8999, 9000) if policy.permits_port(port)] == [
        80,
        443,
        8000,
        8999,
    ]


@pytest.mark.parametrize("text", ["0", "65536", "9-8", "http", "80-", "-80", "８０"])
def test_a_port_that_is_none_is_named(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_ports(text)
    assert f"“{text}”" in str(caught.value)
