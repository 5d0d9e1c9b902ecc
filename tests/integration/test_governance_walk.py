"""Many people, many steps: whatever they try in whatever order, the rules of the data governance hold.

Each step is a real action of a real account on a real record. Most are refused, as most would be; what counts is what
is true afterwards. `PORTAL_WALK_STEPS` sets how many steps are walked in all.
"""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from tests.kit.governance import CHECK, act, draft, grant, organization, person

from ckanext.mainz.governance import decisions, levels, people, proposals, writing

STEPS = int(os.environ.get("PORTAL_WALK_STEPS", "2000"))
WALK = 50
LEVELS = st.sampled_from(levels.LEVELS)
REFUSED = (toolkit.ValidationError, toolkit.NotAuthorized, toolkit.ObjectNotFound)

Row = tuple[object, ...]


class Walk(RuleBasedStateMachine):
    """Three records of two organisations, and everybody who could have to do with them."""

    def __init__(self) -> None:
        super().__init__()
        RESET()
        first, second = organization(), organization("gesellschaft")
        self.editors = [person(editor=first), person(editor=second)]
        self.people = [*self.editors, person(admin=first), person(admin=second), person(member=first), person()]
        for _number in range(2):
            name = person(editor=first)
            grant(name, "office")
            self.people.append(name)
        operator = person(editor=first)
        model.Session.execute(sa.update(model.User).where(model.User.name == operator).values(sysadmin=True))
        model.Session.commit()
        self.people.append(operator)
        owners = [first, second, first]
        self.records = [
            draft(self.editors[owner == second], owner, title=f"Daten {number}")["id"]
            for number, owner in enumerate(owners)
        ]
        self.log = log_rows()
        self.shown = self._public()

    def _try(self, who: int, action: str, data: dict) -> None:
        """A step; afterwards the public may see something else only if a decision was logged."""
        global walked
        walked += 1
        try:
            act(self.people[who % len(self.people)], action, data)
        except REFUSED:
            model.Session.rollback()

    def _record(self, which: int) -> str:
        return self.records[which % len(self.records)]

    def _public(self) -> dict[str, object]:
        """What anybody sees of each record."""
        found = {}
        for id in self.records:
            try:
                shown = toolkit.get_action("package_show")(
                    {"user": "", "auth_user_obj": None, "use_cache": False}, {"id": id}
                )
            except REFUSED:
                found[id] = None
                continue
            found[id] = (shown["title"], shown["notes"], len(shown["resources"]))
        return found

    @rule(who=st.integers(0, 8), which=st.integers(0, 2), level=LEVELS)
    def submit(self, who: int, which: int, level: str) -> None:
        self._try(who, "mainz_record_submit", {"id": self._record(which), "visibility": level, "check": CHECK})

    @rule(who=st.integers(0, 8), which=st.integers(0, 2), standing=st.booleans())
    def release(self, who: int, which: int, standing: bool) -> None:
        self._try(who, "mainz_record_release", {"id": self._record(which), "standing": standing})

    @rule(who=st.integers(0, 8), which=st.integers(0, 2), action=st.sampled_from(["return", "withdraw", "archive"]))
    def move(self, who: int, which: int, action: str) -> None:
        self._try(who, f"mainz_record_{action}", {"id": self._record(which), "reason": "fehler"})

    @rule(who=st.integers(0, 8), which=st.integers(0, 2), level=LEVELS)
    def set_level(self, who: int, which: int, level: str) -> None:
        self._try(who, "mainz_record_visibility_set", {"id": self._record(which), "visibility": level})

    @rule(who=st.integers(0, 8), which=st.integers(0, 2), text=st.sampled_from(["Eins", "Zwei", "Drei"]))
    def change(self, who: int, which: int, text: str) -> None:
        self._try(who, "package_patch", {"id": self._record(which), "notes": text})

    @rule(who=st.integers(0, 8), which=st.integers(0, 2), flag=st.sampled_from(["private", "lifecycle", "visibility"]))
    def forge(self, who: int, which: int, flag: str) -> None:
        value = {"private": False, "lifecycle": "freigegeben", "visibility": "oeffentlich"}[flag]
        self._try(who, "package_patch", {"id": self._record(which), flag: value})

    @rule(who=st.integers(0, 8), which=st.integers(0, 2))
    def add_file(self, who: int, which: int) -> None:
        data = {"package_id": self._record(which), "url": "https://daten.example/a.csv", "format": "CSV"}
        self._try(who, "resource_create", data)

    @rule(who=st.integers(0, 8), which=st.integers(0, 9), accept=st.booleans())
    def decide(self, who: int, which: int, accept: bool) -> None:
        waiting = proposals.waiting()
        if waiting:
            action = "mainz_proposal_accept" if accept else "mainz_proposal_return"
            self._try(who, action, {"id": waiting[which % len(waiting)].id, "reason": "fehler"})

    @rule(who=st.integers(0, 8), which=st.integers(0, 2))
    def override(self, who: int, which: int) -> None:
        self._try(who, "mainz_record_override", {"id": self._record(which), "reason": "notfall", "note": "Notfall"})

    @invariant()
    def private_is_as_the_fence_says(self) -> None:
        for package in model.Session.execute(sa.select(model.package_table)).mappings():
            public = levels.is_public(package["extras"]["visibility"], package["extras"]["lifecycle"])
            assert package["private"] is not public

    @invariant()
    def the_public_state_changes_only_by_a_logged_decision(self) -> None:
        now, rows = self._public(), log_rows()
        assert rows[: len(self.log)] == self.log, "rows of the log were changed or taken away"
        decided = {row.record_id for row in rows[len(self.log) :] if row.action in DECISIONS}
        changed = {id for id in now if now[id] != self.shown[id]}
        assert changed <= decided
        for row in rows[len(self.log) :]:
            self._own_release(row)
        self.log, self.shown = rows, now

    def _own_release(self, row: decisions.Entry) -> None:
        """Nobody has released to the public what they have a part in; the log tells who did what before."""
        if row.action not in ("release", "accept") or row.after.get("visibility") != levels.OEFFENTLICH:
            return
        actor = people.person(row.actor)
        assert actor.office
        since = [one for one in self.log if one.record_id == row.record_id]
        last = max((at for at, one in enumerate(since) if one.action in ("release", "accept")), default=-1)
        if row.action == "release":
            own = [one for one in since[last + 1 :] if one.action in ("create", "submit")]
            assert row.actor not in {one.actor for one in own}
        else:
            proposal = proposals.find(row.after["proposal"])
            assert proposal is not None
            assert proposal.author != row.actor


DECISIONS = {"release", "accept", "withdraw", "archive", "visibility_set", "override", "delivery"}
walked = 0


def RESET() -> None:
    raise RuntimeError


def log_rows() -> list[decisions.Entry]:
    return list(decisions.every())


@pytest.fixture
def walking(portal, clean) -> None:
    globals()["RESET"] = portal.reset


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_rules_hold_whatever_people_try(walking, record_testsuite_property) -> None:
    while walked < STEPS:  # a walk may end before its last step
        walks = settings(
            max_examples=(STEPS - walked) // WALK + 1,
            stateful_step_count=WALK,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            database=None,
        )
        run_state_machine_as_test(Walk, settings=walks)
    record_testsuite_property("steps of the walk", walked)
    print(f"{walked} steps walked")
    assert writing.grant() is None
