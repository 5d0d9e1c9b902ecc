"""Whether the addresses of files and services answer: kept for each address, asked in the background.

A save only notes the address; `check_waiting` and `check_all` ask, through the foundation's guarded session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ckanext.mainz.foundation import config
from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.foundation.http import AddressRefused, HttpError, Session, TooSlow, UnknownHost
from ckanext.mainz.metadata.quality.mqa import State
from ckanext.mainz.metadata.quality.tables import link

AT_ONCE = 8
BATCH = 50
#: A failed address is asked again when its dataset is saved after so long; a good one by the nightly round only.
AGAIN = timedelta(minutes=1)
LONGEST = 2000

PROBLEMS: Mapping[str, Message] = {
    "status": N_("{url} answers with status {status}."),
    "unknown_host": N_("There is no host of this name: {url}"),
    "slow": N_("{url} did not answer in time."),
    "refused": N_("{url} leads to a place that this portal may not ask, such as an internal network."),
    "unreachable": N_("{url} cannot be reached."),
}


@dataclass(frozen=True)
class Answer:
    """What an address answered: `status` is None where no answer came, `problem` empty where it is well."""

    url: str
    status: int | None
    problem: str
    checked: datetime | None

    @property
    def state(self) -> State:
        """For the score: met, unmet or not known yet."""
        if self.checked is None:
            return State.UNKNOWN
        return State.UNMET if self.problem else State.MET

    def sentence(self, gettext: Callable[[str], str] = str) -> str:
        """What is wrong, in a language; empty where nothing is."""
        return gettext(PROBLEMS[self.problem]).format(url=self.url, status=self.status) if self.problem else ""


def known(urls: Iterable[str]) -> dict[str, Answer]:
    """What is known of these addresses; those never noted are left out."""
    columns = (link.c.url, link.c.status, link.c.problem, link.c.checked)
    rows = model.Session.execute(sa.select(*columns).where(link.c.url.in_(list(urls))))
    return {row.url: Answer(*row) for row in rows}


def broken() -> list[Answer]:
    """All addresses that did not answer when they were last asked."""
    columns = (link.c.url, link.c.status, link.c.problem, link.c.checked)
    rows = model.Session.execute(sa.select(*columns).where(link.c.problem != "").order_by(link.c.url))
    return [Answer(*row) for row in rows]


def note(urls: Iterable[str], answers: Mapping[str, Answer]) -> bool:
    """Notes addresses of a record that is being saved, in its transaction; `answers` is what is `known` of them. Says
    whether one waits to be asked.

    An address that failed is noted as waiting again: its editor may just have mended it.
    """
    now = datetime.now(UTC)
    wanted = sorted({url for url in urls if len(url) <= LONGEST})
    asked = [url for url in wanted if url not in answers or _is_to_be_asked_again(answers[url], now)]
    if asked:
        rows = [{"url": url, "problem": "", "asked": now} for url in asked]
        waits = {"checked": None, "problem": "", "status": None, "asked": now}
        statement = insert(link).values(rows).on_conflict_do_update(index_elements=["url"], set_=waits)
        model.Session.execute(statement)
    return bool(asked) or any(answers[url].checked is None for url in wanted)


def _is_to_be_asked_again(answer: Answer, now: datetime) -> bool:
    return bool(answer.problem) and answer.checked is not None and answer.checked < now - AGAIN


def check_waiting(session: Session | None = None) -> list[str]:
    """Asks every address that waits; returns them."""
    query = sa.select(link.c.url).where(link.c.checked.is_(None)).order_by(link.c.asked)
    waiting = list(model.Session.scalars(query))
    model.Session.commit()
    return check(waiting, session)


def check_all(urls: Iterable[str], session: Session | None = None) -> list[str]:
    """Asks all these addresses and forgets all others; returns them."""
    wanted = sorted({url for url in urls if len(url) <= LONGEST})
    model.Session.execute(sa.delete(link).where(link.c.url.not_in(wanted)))
    model.Session.commit()
    return check(wanted, session)


def check(urls: list[str], session: Session | None = None) -> list[str]:
    """Asks these addresses and stores what they answer, some at a time, so that a round cut short is not lost."""
    asking = session or Session(config.http_policy())
    for start in range(0, len(urls), BATCH):
        _store(ask(urls[start : start + BATCH], asking))
    return urls


def ask(urls: Iterable[str], session: Session) -> Iterator[Answer]:
    """Asks addresses, several at once; how many at one host is the session's policy."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda url: _ask(url, session), urls)


def _ask(url: str, session: Session) -> Answer:
    now = datetime.now(UTC)
    try:
        answer = session.probe(url)
    except HttpError as error:
        return Answer(url, None, _problem(error), now)
    return Answer(url, answer.status, "" if answer.is_success else "status", now)


def _problem(error: HttpError) -> str:
    kinds = ((AddressRefused, "refused"), (UnknownHost, "unknown_host"), (TooSlow, "slow"))
    return next((code for kind, code in kinds if isinstance(error, kind)), "unreachable")


def _store(answers: Iterable[Answer]) -> None:
    in_order = sorted(answers, key=lambda answer: answer.url)  # as `note` takes its locks
    rows = [vars(answer) | {"asked": answer.checked} for answer in in_order]
    statement = insert(link).values(rows)
    new = {name: statement.excluded[name] for name in ("status", "problem", "checked")}
    model.Session.execute(statement.on_conflict_do_update(index_elements=["url"], set_=new))
    model.Session.commit()
