"""People whom an identity-aware proxy has logged in: a header that counts from the proxy's own address only.

Off as long as no header and no network is set. An account is never made, and a person is never let in that the portal
does not know as active. Forms keep their protection against forgery: a browser sends such a request by itself.
"""

from __future__ import annotations

import hmac
import itertools
import logging
from collections.abc import Iterable
from ipaddress import IPv6Address, ip_address
from typing import Any

import ckan.model as model
import sqlalchemy as sa
from flask import g, request

from ckanext.mainz.foundation.addresses import Network
from ckanext.mainz.governance import config
from ckanext.mainz.governance.roles import members

log = logging.getLogger(__name__)
_attacks = itertools.count(1)
LONGEST = 254
"""Characters of a mail address, by RFC 5321; user names are shorter."""


class ProxyLogin:
    """Methods of `IAuthenticator` for the room's plugin."""

    def identify_user(self, user_id: str | None = None) -> Any:  # noqa: ARG002 - the header wins over the session
        """The person whom the proxy names in this request; None where there is none, and CKAN goes on."""
        header = config.proxy_header()
        given = request.headers.get(header, "") if header else ""
        if not given:
            return None
        if not is_from_proxy():
            _count_attack()
            return None
        return account(given)


def is_from_proxy() -> bool:
    """Whether this request comes from the proxy: from its address, and with its secret where there is one."""
    return is_within(request.environ.get("REMOTE_ADDR", ""), config.proxy_networks()) and _knows_secret()


def is_within(address: str, networks: Iterable[Network]) -> bool:
    """Whether an address lies in one of some networks. What is no address lies in none. Pure."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    inner = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return any((inner or found) in network for network in networks)


def _knows_secret() -> bool:
    header, secret = config.proxy_secret_header(), config.proxy_secret()
    if not header and not secret:
        return True
    given = request.headers.get(header, "") if header and secret else ""
    return bool(given) and hmac.compare_digest(given.encode(), secret.encode())


def _count_attack() -> None:
    """Once a request, without address and name: those are data of a person, and not needed to see that it happens."""
    if not g.get("mainz_forged_header"):
        g.mainz_forged_header = True
        log.warning(
            "The header of the identity-aware proxy came from elsewhere and was ignored; %d times since the start.",
            next(_attacks),
        )


def account(given: str) -> model.User | None:
    """The one active account with this name or mail address that may come in by the proxy."""
    name = given.strip()
    if not name or len(name) > LONGEST or "\x00" in name:
        return None
    column = sa.func.lower(model.User.email) if "@" in name else model.User.name
    wanted = name.lower() if "@" in name else name
    asked = sa.select(model.User).where(column == wanted, model.User.state == model.State.ACTIVE)
    found = model.Session.scalars(asked.limit(2)).all()
    return found[0] if len(found) == 1 and _may_enter(found[0]) else None


def _may_enter(user: model.User) -> bool:
    """Programs use their token, administrators their password unless the operator says otherwise."""
    return not members.service_of(user.id) and (not user.sysadmin or config.proxy_sysadmins())
