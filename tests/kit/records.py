"""Public records in tests that are about something else: how they become public, change, and lose their readers.

What the data governance itself does is tested with the people of `tests.kit.governance`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.model as model
from ckan.logic.action import delete as stock
from ckan.tests import factories
from ckan.tests.helpers import call_action
from tests.kit.governance import CHECK, act, office

from ckanext.mainz.governance import record, writing
from ckanext.mainz.portal import publishing

Record = dict[str, Any]


def site_user() -> str:
    return call_action("get_site_user")["name"]


def create(*, public: bool = True, **fields: Any) -> Record:
    """A record that the portal itself has made; a public one unless asked otherwise."""
    made = call_action("package_create", context={"user": site_user()}, **fields)
    return publish(made["id"]) if public else made


def dataset(*, public: bool = True, **fields: Any) -> Record:
    """A dataset with what CKAN's factory fills in, of an organisation of its own where none is given."""
    owner = fields.pop("owner_org", "") or factories.Organization()["id"]
    made = factories.Dataset(**{"owner_org": owner, "license_id": "cc-by-4.0", **fields})
    return publish(made["id"]) if public else made


def publish(id: str) -> Record:
    """A draft, handed in and released in the name of the portal; the record as it is then."""
    publishing.publish(id)
    return call_action("package_show", context={"use_cache": False}, id=id)


@contextmanager
def decided(id: str, owner: str = "") -> Iterator[None]:
    """Whatever is written to a record in this block is written at once, as the acceptance of a proposal writes it.

    `owner`: the organisation that it goes to by that, if it does.
    """
    package = writing.stored(id)
    assert package is not None, f"no record {id}"
    standing = record.of(package)
    with writing.granted(standing.state, standing.level, standing.shared_with, owner):
        yield


def change(action: str, **data: Any) -> Any:
    """Calls an action of CKAN as part of a decision: `package_patch`, `resource_create` and the like."""
    with decided(_record_of(data)):
        return call_action(action, **data)


def _record_of(data: Record) -> str:
    resource = model.Resource.get(data["id"]) if "id" in data else None
    if resource is not None:
        return str(resource.package_id)
    return str(data.get("package_id") or data.get("id") or data["match"]["id"])


def accept(answer: Record) -> Record:
    """The Geschäftsstelle accepts the proposal that somebody's change became; the record as it is then."""
    return act(office(), "mainz_proposal_accept", {"id": answer["mainz_proposal"]["id"]})


def withdraw(id: str) -> Record:
    """The Geschäftsstelle takes a released record back."""
    return act(office(), "mainz_record_withdraw", {"id": id, "reason": "fehler"})


def release_again(id: str) -> Record:
    """A record that was withdrawn is handed in and released once more."""
    act("", "mainz_record_submit", {"id": id, "check": CHECK})
    return act(office(), "mainz_record_release", {"id": id})


def lower(id: str, level: str = "intern") -> Record:
    """The Geschäftsstelle gives a released record a stricter level."""
    return act(office(), "mainz_record_visibility_set", {"id": id, "visibility": level})


def delete(id: str) -> None:
    """CKAN's own deletion, past the governance that allows it for drafts only: as another extension might do it."""
    context: Any = {"model": model, "session": model.Session, "user": site_user(), "ignore_auth": True}
    stock.package_delete(context, {"id": id})
