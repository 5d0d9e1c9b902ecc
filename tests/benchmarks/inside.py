"""Runs within a CKAN process and does what it is told, a line of JSON for an order and a line of JSON for the answer.

Started by :class:`tests.benchmarks.side.Inside` once for each side, so that both sides' actions can be timed in turns
without the web server between.
"""

from __future__ import annotations

import json
import os
import resource
import secrets
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from ckan import model
from ckan import plugins as p
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from tests.benchmarks import catalogue

GOVERNANCE, SEARCH = "mainz_governance", "mainz_search"
PUBLIC = "oeffentlich"
FACETS = ["organization", "groups", "tags", "res_format", "license_id"]


def load_organizations() -> None:
    """Create the publishers of the datasets."""
    for organization in catalogue.organizations():
        tk.get_action("organization_create")(administrator(), organization)


def load(packages: list[dict[str, Any]], levels: list[str]) -> None:
    """Create datasets, released at a level each, in a session each as in requests: one that lives long grows slow."""
    for package, level in zip(packages, levels, strict=True):
        model.Session.remove()
        if not p.plugin_loaded(GOVERNANCE):
            tk.get_action("package_create")(administrator(), {**package, "private": level != PUBLIC})
        elif level == PUBLIC:
            from ckanext.mainz.portal.publishing import create_public

            create_public(package)
        else:
            from ckanext.mainz.governance import writing
            from ckanext.mainz.governance.levels import FREIGEGEBEN

            with writing.granted(FREIGEGEBEN, level):
                tk.get_action("package_create")(administrator(), package)


def make_token() -> str:
    """A new administrator's token."""
    name = account("benchmark")
    tk.get_action("user_patch")(administrator(), {"id": name, "sysadmin": True})
    return token_of(name)


def make_reader_token() -> str:
    """A new token of a member of many organisations."""
    name = account("reader")
    for organization in catalogue.memberships():
        member = {"id": organization, "username": name, "role": "member"}
        tk.get_action("organization_member_create")(administrator(), member)
    return token_of(name)


def account(name: str) -> str:
    """A new user, by name."""
    user = {"name": name, "email": f"{name}@example.org", "password": secrets.token_urlsafe(20)}
    return tk.get_action("user_create")(administrator(), user)["name"]


def token_of(name: str) -> str:
    """A new API token of a user."""
    return tk.get_action("api_token_create")(administrator(), {"user": name, "name": "benchmark"})["token"]


def search_times(first: int, repeat: int) -> list[float]:
    """Milliseconds of ``package_search`` with facets by an anonymous reader, once for each of ``repeat`` queries."""
    return [timed_search(number) for number in range(first, first + repeat)]


def timed_search(number: int) -> float:
    """Milliseconds of one search."""
    query = {"q": catalogue.search_words(number), "facet.field": FACETS, "rows": 20}
    start = time.perf_counter()
    tk.get_action("package_search")({"user": "", "ignore_auth": False}, query)
    return (time.perf_counter() - start) * 1000


def purge(names: list[str]) -> None:
    """Remove datasets for good."""
    for name in names:
        tk.get_action("dataset_purge")(administrator(), {"id": name})


def change(name: str, notes: str) -> None:
    """Change a dataset a little."""
    with decision(name):
        tk.get_action("package_patch")(administrator(), {"id": name, "notes": notes})


def decision(name: str) -> AbstractContextManager[None]:
    """Where the portal's governance would make a proposal of a change, it is written at once as an accepted one."""
    if not p.plugin_loaded(GOVERNANCE):
        return nullcontext()
    from ckanext.mainz.governance import record, writing

    package = writing.stored(name)
    assert package
    standing = record.of(package)
    return writing.granted(standing.state, standing.level, standing.shared_with)


def forget_catalogue() -> int:
    """Forget what is kept of the catalogue in RDF; stock keeps nothing. How many values that were.

    Web processes take what they have in their memory for outdated, as after any change of the index.
    """
    if p.plugin_loaded(SEARCH):
        from ckanext.mainz.search import state
        from ckanext.mainz.search.turn import own_engine

        with own_engine().begin() as connection:
            state.advance(connection, narrows=False)
    redis = connect_to_redis()
    names = list(redis.scan_iter("mainz:*:catalogue:*", count=5000))
    return redis.delete(*names) if names else 0


def make_whole(folder: str) -> dict[str, float]:
    """Make the files with the whole catalogue: seconds, and megabytes that this process has had at most."""
    from ckanext.mainz.metadata.catalogue import state, whole

    now, before = state.current(), peak_megabytes()
    assert now
    made = whole.make(Path(folder), now)
    return {"records": made.records, "seconds": made.seconds, "before": before, "megabytes": peak_megabytes()}


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def administrator() -> dict[str, Any]:
    """Context of the site's own user, who may do everything."""
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": site_user["name"], "ignore_auth": True}


ORDERS = {
    order.__name__: order
    for order in (
        *(load_organizations, load, make_token, make_reader_token, search_times, purge, change),
        *(forget_catalogue, make_whole),
    )
}


def main() -> None:
    """Answer orders until standard input ends."""
    # What plugins print must not come between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    application = make_app(CKANConfigLoader(os.environ["CKAN_INI"]).get_config())
    for line in sys.stdin:
        order = json.loads(line)
        with application._wsgi_app.test_request_context():
            answer = ORDERS[order.pop("do")](**order)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
