"""A conversation with one catalogue: finds the form of request that it understands, and asks in that form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ckanext.mainz.foundation.errors import N_, Message, ReadableError
from ckanext.mainz.foundation.http import BadResponse, HttpError, Response, Session, TooLarge, Truncated
from ckanext.mainz.foundation.xml import XmlError
from ckanext.mainz.harvest.gdi.csw_answers import CswError, Found, UnreadablePage, read_page
from ckanext.mainz.harvest.gdi.csw_requests import (
    Condition,
    CswSource,
    Form,
    Query,
    as_address,
    as_xml,
    base_address,
    conditions,
    forms,
)

FIRST = Query(position=1, size=1)
#: What can come of asking for a page.
Failure = HttpError | CswError | XmlError
FAILURES = (HttpError, CswError, XmlError)


@dataclass(frozen=True)
class Agreement:
    """The form that a catalogue understands, what came when it was tried, and what had to be given up for it."""

    form: Form
    found: Found | None
    notes: tuple[ReadableError, ...] = ()


class WithReason(ReadableError):
    """A sentence that ends with another one, its value `reason`."""

    def __init__(self, template: Message, reason: ReadableError) -> None:
        self.reason = reason
        super().__init__(template, reason=reason)

    def translated(self, gettext: Callable[[str], str]) -> str:
        return gettext(self.template).format(reason=self.reason.translated(gettext))


class Dialogue:
    """Asks one catalogue, counts the requests, and stays at the address to which the catalogue has moved."""

    def __init__(self, session: Session, source: CswSource) -> None:
        self.session = session
        self.source = source
        self.address = base_address(source.url)
        self.form = forms(source.method)[0]
        self.requests = 0

    def ask(self, query: Query) -> Found:
        """The page in the form that was agreed. Raises what is listed in `FAILURES`."""
        return self._ask(self.form, query)

    def identifier_at(self, position: int) -> str:
        """The identifier of a record that cannot be read itself, empty if it is not told either."""
        try:
            found = self.ask(Query(position, 1, brief=True))
        except FAILURES:
            return ""
        named = [*found.foreign, *found.records]
        return named[0].identifier if len(named) == 1 else ""

    def get(self, address: str) -> Response:
        self.requests += 1
        return self.session.get(address, headers=self._headers)

    def agree(self) -> tuple[ReadableError, ...]:
        """Finds the form for all that follows, and says what had to be given up. Raises what is in `FAILURES`."""
        basic = self._basic()
        self.form = basic.form
        if not self.source.filters or _is_empty(basic.found):
            return basic.notes
        filtered = self._filtered(basic)
        self.form = filtered.form
        return basic.notes + filtered.notes

    def _basic(self) -> Agreement:
        """The first form that brings a record; without any, the first that brings a page at all."""
        empty: Agreement | None = None
        first: Failure | None = None
        for form in forms(self.source.method):
            try:
                tried = self._tried(form)
            except FAILURES as error:
                if not _may_be_the_form(error):
                    raise
                first = first or error
                continue
            if not _is_empty(tried.found):
                return tried
            empty = empty or tried
        if empty:
            return empty
        raise first or AssertionError("unreachable: every form gives a page or a failure")

    def _tried(self, form: Form) -> Agreement:
        """A first record that cannot be read is not the fault of the form."""
        try:
            return Agreement(form, self._ask(form, FIRST), _given_up(form))
        except (UnreadablePage, Truncated, TooLarge):
            return Agreement(form, None, _given_up(form))

    def _filtered(self, basic: Agreement) -> Agreement:
        """`basic` with the filter in the first dialect that finds something; without it if there is none."""
        understood = False
        reason: ReadableError | None = None
        for form in self._with_conditions(basic.form):
            try:
                tried = self._tried(form)
            except FAILURES as error:
                if not _may_be_the_form(error):
                    raise
                reason = reason or error
                continue
            if not _is_empty(tried.found):
                return Agreement(form, tried.found)
            understood = True
        return replace(basic, notes=(_filter_given_up(None if understood else reason),))

    def _with_conditions(self, form: Form) -> Iterator[Form]:
        return (replace(form, condition=condition) for condition in conditions(self.source.filters))

    @property
    def condition(self) -> Condition | None:
        """The filter that the catalogue applies."""
        return self.form.condition

    @property
    def _headers(self) -> dict[str, str]:
        accepted = {"Accept": "application/xml, text/xml;q=0.9, */*;q=0.1"}
        return accepted | ({"Accept-Language": self.source.language} if self.source.language else {})

    def _ask(self, form: Form, query: Query) -> Found:
        if form.method == "GET":
            return read_page(self.get(as_address(self.address, form, query)), query.position)
        return read_page(self._post(as_xml(form, query)), query.position)

    def _post(self, body: bytes) -> Response:
        """After a redirect the same again at the new address: on the way there POST has become GET without its body."""
        response = self._posted(body)
        if response.url != self.address:
            self.address = response.url
            response = self._posted(body)
        return response

    def _posted(self, body: bytes) -> Response:
        self.requests += 1
        return self.session.post(
            self.address, body, content_type="application/xml; charset=utf-8", headers=self._headers, repeatable=True
        )


def _may_be_the_form(error: Failure) -> bool:
    """Whether another form may do better: not where nobody answers, or nobody may be asked."""
    return not isinstance(error, HttpError) or (isinstance(error, BadResponse) and error.status >= 400)


def _is_empty(found: Found | None) -> bool:
    return found is not None and not found.records


def _given_up(form: Form) -> tuple[ReadableError, ...]:
    if form.sort:
        return ()
    return (ReadableError(N_("The catalogue refuses to sort by identifier; its order may change between two pages.")),)


def _filter_given_up(reason: ReadableError | None) -> ReadableError:
    if reason is None:
        return ReadableError(
            N_("The catalogue finds nothing with the filter, but has records without it. All its records are read.")
        )
    return WithReason(
        N_("The catalogue does not accept the filter, so all its records are read. {reason}"),
        reason=reason,
    )
