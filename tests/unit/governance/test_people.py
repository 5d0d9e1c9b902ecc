"""Who a person is, made of what they hold and what those hold whom they stand in for."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.mainz.governance.people import Belonging, Organization, Person, assembled, below
from ckanext.mainz.governance.roles.proxy import is_within
from ckanext.mainz.governance.roles.tree import ancestors, closing_a_circle, led_by

#: dezernat → amt → abteilung; statistik is sealed below amt, with a unit of its own
TREE = {
    name: Organization(name, f"name-{name}", name, "amt", sealed, frozenset(parents))
    for name, parents, sealed in (
        ("dezernat", (), False),
        ("amt", ("dezernat",), False),
        ("abteilung", ("amt",), False),
        ("statistik", ("amt",), True),
        ("zelle", ("statistik",), False),
        ("nachbar", (), False),
    )
}


def person(*belongings: Belonging, sysadmin: bool = False) -> Person:
    return assembled("ich", "ich-name", sysadmin, belongings, TREE)


def mine(role: str, place: str = "amt", over: bool = False) -> Belonging:
    return Belonging("ich", place, role, over)


def theirs(role: str, place: str = "amt", over: bool = False) -> Belonging:
    return Belonging("andere", place, role, over)


def test_somebody_who_holds_nothing_reads_and_edits_nothing():
    nobody = person()
    assert not nobody.own | nobody.led | nobody.kinds | nobody.names
    assert not nobody.office


@pytest.mark.parametrize("capacity", ["member", "admin"])
def test_readers_and_admins_read_what_is_below_but_not_what_is_sealed(capacity: str):
    assert person(mine(capacity, "dezernat")).own == {"dezernat", "amt", "abteilung"}


def test_editors_read_their_own_organisation_only():
    assert person(mine("editor", "dezernat")).own == {"dezernat"}


def test_admins_act_below_and_editors_and_readers_do_not():
    assert person(mine("admin", "dezernat")).led == {"dezernat", "amt", "abteilung"}
    assert not person(mine("editor", "dezernat")).edits("amt")
    assert not person(mine("member", "dezernat")).edits("dezernat")


def test_the_seal_cuts_towards_what_is_below_too():
    assert person(mine("admin", "statistik")).led == {"statistik"}


def test_nobody_reads_upwards():
    assert person(mine("admin", "abteilung")).own == {"abteilung"}


def test_sysadmins_hold_no_office_and_lead_nothing_by_that():
    admin = person(sysadmin=True)
    assert admin.sysadmin
    assert not admin.office
    assert not admin.leads("amt")


def test_a_deputy_may_what_the_person_may_and_keeps_their_own():
    deputy = person(mine("editor", "nachbar"), theirs("admin"), theirs("office", ""))
    assert deputy.leads("amt")
    assert deputy.office
    assert deputy.edits("nachbar")
    assert not deputy.leads("nachbar")


def test_a_deputy_in_their_own_right_is_who_they_are():
    deputy = person(mine("editor", "nachbar"), theirs("admin"), theirs("office", ""))
    assert deputy.in_own_right == person(mine("editor", "nachbar"))
    assert deputy.in_own_right.in_own_right == deputy.in_own_right


def test_a_deputy_of_somebody_who_holds_nothing_is_who_they_are():
    assert person(mine("editor")).itself is None


def test_an_office_whose_day_has_passed_gives_nothing_and_takes_nothing_of_a_deputyship():
    deputy = person(mine("office", "", over=True), theirs("admin"))
    assert not deputy.office
    assert deputy.leads("amt")


def test_a_service_account_writes_for_its_one_organisation_and_leads_nothing():
    machine = person(mine("service"), mine("admin"), mine("admin", "nachbar"), mine("office", ""))
    assert machine.service == "amt"
    assert not machine.office
    assert not machine.led
    assert machine.own == {"amt"}
    assert machine.capacities == {"amt": frozenset()}


def test_a_service_account_edits_as_an_editor_does():
    machine = person(mine("service"), mine("editor"))
    assert machine.edits("amt")
    assert not machine.leads("amt")


def test_a_service_account_is_nobodys_deputy():
    machine = person(mine("service"), mine("editor"), theirs("admin"), theirs("office", ""))
    assert not machine.leads("amt")
    assert not machine.office


def test_a_service_account_after_its_last_day_does_nothing_but_stays_one():
    machine = person(mine("service", over=True), mine("editor"))
    assert machine.service == "amt"
    assert not machine.own
    assert not machine.edits("amt")


def test_nobody_stands_in_for_a_program():
    deputy = person(theirs("service"), theirs("editor"))
    assert not deputy.edits("amt")
    assert not deputy.service


def test_memberships_of_deleted_organisations_count_for_nothing():
    assert person(mine("admin", "gibt-es-nicht")) == person()


# --- the tree -------------------------------------------------------------------------------------------------------

NAMES = [f"o{number}" for number in range(7)]


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Organization]:
    """Organisations with parents among those that were made before them, so without circles."""
    made: dict[str, Organization] = {}
    for number, name in enumerate(NAMES):
        parents = draw(st.frozensets(st.sampled_from(NAMES[:number]), max_size=2)) if number else frozenset()
        made[name] = Organization(name, name, name, "amt", draw(st.booleans()), parents)
    return made


def reaches(tree: dict[str, Organization], top: str, bottom: str) -> bool:
    """Whether a way down leads from one organisation to another without passing a seal; by the definition."""
    if top == bottom:
        return True
    if tree[bottom].sealed:
        return False
    return any(not tree[parent].sealed and reaches(tree, top, parent) for parent in tree[bottom].parents)


@given(trees(), st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_below_is_what_a_way_without_a_seal_reaches(tree: dict[str, Organization], top: str, bottom: str):
    assert (bottom in below([top], tree)) == reaches(tree, top, bottom)


@given(trees(), st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_a_parent_is_refused_exactly_if_it_stands_below_or_is_the_same(
    tree: dict[str, Organization], child: str, parent: str
):
    assert (closing_a_circle(child, [parent], tree) == {parent}) == belongs_to(tree, parent, child)


def belongs_to(tree: dict[str, Organization], one: str, other: str) -> bool:
    """Whether an organisation is another one or stands below it, sealed or not; by the definition."""
    return one == other or any(belongs_to(tree, parent, other) for parent in tree[one].parents)


@given(trees(), st.dictionaries(st.sampled_from(NAMES), st.frozensets(st.sampled_from("abc"))))
def test_whoever_leads_is_an_admin_there_or_above_without_a_seal_between(
    tree: dict[str, Organization], admins: dict[str, frozenset[str]]
):
    expected = {
        name: frozenset(user for place, users in admins.items() for user in users if reaches(tree, place, name))
        for name in NAMES
    }
    assert led_by(admins, tree) == {name: users for name, users in expected.items() if users}


def test_a_circle_in_old_data_does_not_turn_for_ever():
    turning = {
        name: Organization(name, name, name, "amt", False, frozenset({other}))
        for name, other in (("a", "b"), ("b", "a"))
    }
    assert below(["a"], turning) == {"a", "b"}
    assert ancestors("a", turning) == {"a", "b"}


# --- the proxy's address --------------------------------------------------------------------------------------------


def within(address: str, *networks: str) -> bool:
    from ckanext.mainz.foundation.addresses import parse_networks

    return is_within(address, parse_networks(" ".join(networks)))


@pytest.mark.parametrize(
    ("address", "networks"),
    [
        ("10.0.0.5", ("10.0.0.5",)),
        ("10.0.0.5", ("10.0.0.0/24",)),
        ("::ffff:10.0.0.5", ("10.0.0.0/24",)),
        ("fd00::5", ("10.0.0.0/24", "fd00::/64")),
    ],
)
def test_an_address_of_the_proxy_is_known_as_each_system_writes_it(address: str, networks: Iterable[str]):
    assert within(address, *networks)


@pytest.mark.parametrize("address", ["", "10.0.1.5", "10.0.0.5:80", "10.0.0.5, 10.0.0.6", "localhost", "::", "unix:"])
def test_whatever_else_stands_for_an_address_is_not_the_proxy(address: str):
    assert not within(address, "10.0.0.0/24")


def test_without_networks_nobody_is_the_proxy():
    assert not within("127.0.0.1")
