"""What waits for whom, and the mail about it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from ckan import model
from ckan.common import config
from ckan.plugins import toolkit
from tests.kit.governance import CHECK, act, anybody, draft, office, organization, person, released

from ckanext.mainz.governance import logbook, tables
from ckanext.mainz.governance.todo import jobs, mails

pytestmark = pytest.mark.usefixtures("clean")


class Letters:
    """A mail server's memory."""

    def __init__(self) -> None:
        self.found: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.found.append(message)
        return "250 OK"


@pytest.fixture
def letters(portal) -> Iterator[list[EmailMessage]]:
    """A real mail server on this machine, and the portal configured for it."""
    memory = Letters()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Controller(memory, hostname="127.0.0.1", port=port)
    server.start()
    config["smtp.server"] = f"127.0.0.1:{port}"
    config["smtp.mail_from"] = "portal@stadt.example"
    yield memory.found
    server.stop()


def send(app) -> None:
    """The job of the worker."""
    with app.flask_app.app_context():
        jobs.send_mails()


def kinds(user: str) -> list[str]:
    return [one["kind"] for one in act(user, "mainz_todo_list")]


def test_each_role_sees_what_it_has_to_do() -> None:
    amt = organization()
    editor, lead, geschaeftsstelle = person(editor=amt), person(admin=amt), office()
    inside, outside = draft(editor, amt, visibility="konzern"), draft(editor, amt)
    assert kinds(editor) == ["hand_in", "hand_in"]
    for one in (inside, outside):
        act(editor, "mainz_record_submit", {"id": one["id"], "check": CHECK})
    assert kinds(lead) == ["decide"]
    assert kinds(geschaeftsstelle) == ["decide", "decide"]
    assert kinds(editor) == []
    act(geschaeftsstelle, "mainz_record_return", {"id": outside["id"], "reason": "lizenz", "note": "Quelle nennen"})
    (task,) = act(editor, "mainz_todo_list")
    assert (task["kind"], task["title"]) == ("returned", "Baumkataster")
    assert "Quelle nennen" in task["words"]


def test_nobody_is_asked_to_decide_their_own() -> None:
    amt = organization()
    both, other = office(), office()
    act("", "organization_member_create", {"id": amt, "username": both, "role": "editor"})
    made = draft(both, amt)
    act(both, "mainz_record_submit", {"id": made["id"], "check": CHECK})
    assert kinds(both) == []
    assert kinds(other) == ["decide"]


def test_a_change_waits_for_who_decides_and_comes_back_to_its_author() -> None:
    amt = organization()
    editor, decider = person(editor=amt), office()
    made = released(editor, amt)
    change = act(editor, "package_patch", {"id": made["id"], "notes": "Neu"})["mainz_proposal"]
    assert kinds(decider) == ["decide_change"]
    act(decider, "mainz_proposal_return", {"id": change["id"], "reason": "fehler", "note": "Bitte prüfen"})
    (task,) = act(editor, "mainz_todo_list")
    assert (task["kind"], task["proposal"]) == ("change_returned", change["id"])


def test_an_update_that_is_overdue_is_named() -> None:
    amt = organization()
    editor = person(editor=amt)
    daily = "http://publications.europa.eu/resource/authority/frequency/DAILY"
    made = released(editor, amt, frequency=daily)
    assert kinds(editor) == []
    long_ago = logbook.now().replace(tzinfo=None) - timedelta(days=3)
    wanted = model.package_table.c.id == made["id"]
    model.Session.execute(model.package_table.update().where(wanted).values(metadata_modified=long_ago))
    model.Session.commit()
    model.Session.remove()
    assert kinds(editor) == ["overdue"]


def test_an_anonymous_reader_has_no_list() -> None:
    with pytest.raises(toolkit.NotAuthorized):
        anybody("mainz_todo_list")


def test_one_mail_a_day_and_only_for_something_new(app, letters: list[EmailMessage]) -> None:
    amt = organization()
    editor = person(editor=amt)
    draft(editor, amt, title="Bäume an Straßen")
    send(app)
    (letter,) = letters
    text = letter.get_content()
    assert letter["Subject"] == "1 Aufgabe im Open-Data-Portal"
    assert "Bäume an Straßen" in text
    send(app)
    assert len(letters) == 1
    draft(editor, amt, title="Brunnen")
    send(app)
    assert len(letters) == 1, "not twice on one day"
    yesterday = logbook.now() - timedelta(hours=23)
    model.Session.execute(sa.update(tables.mail).values(sent=yesterday))
    model.Session.commit()
    send(app)
    assert len(letters) == 2
    assert "Brunnen" in letters[1].get_content()


def test_a_name_of_which_no_header_can_be_made_keeps_nobody_elses_mail_back(app, letters: list[EmailMessage]) -> None:
    amt = organization()
    for name in ("Erika\nMuster", "Max Probe"):
        editor = person(editor=amt)
        act(editor, "user_patch", {"id": editor, "fullname": name})
        draft(editor, amt)
    send(app)
    assert [str(letter["To"]).split(" <")[0] for letter in letters if "Max Probe" in str(letter["To"])] == ["Max Probe"]


def test_a_mail_holds_nothing_that_its_reader_may_not_read(app, letters: list[EmailMessage]) -> None:
    amt, other = organization(), organization()
    editor = person(editor=amt)
    person(editor=other)
    draft(editor, amt, title="Geheim42")
    send(app)
    readers = {str(one["To"]) for one in letters if "Geheim42" in one.get_content()}
    account = model.User.get(editor)
    assert account is not None
    assert [account.email in one for one in readers] == [True]


def test_the_way_out_of_the_mails_works_by_hand_and_by_mail_program(app, letters: list[EmailMessage]) -> None:
    amt = organization()
    editor = person(editor=amt)
    draft(editor, amt)
    send(app)
    address = str(letters[0]["List-Unsubscribe"]).strip("<>")
    assert letters[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = "/" + address.split("/", 3)[3]
    account = model.User.get(editor)
    assert account is not None
    assert app.get(path).status_code == 200
    assert mails.is_on(account.id), "looking changes nothing"
    assert app.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not mails.is_on(account.id)
    assert app.get("/governance/mails/erfunden").status_code == 404


def test_a_mail_server_that_is_down_costs_nobody_else_theirs(app, letters: list[EmailMessage]) -> None:
    amt = organization()
    draft(person(editor=amt), amt)
    config["smtp.server"] = "127.0.0.1:9"
    send(app)
    assert letters == []
    assert model.Session.execute(sa.select(tables.mail.c.sent)).scalars().all() in ([None], [])
