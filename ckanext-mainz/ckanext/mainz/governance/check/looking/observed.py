"""What was seen in the cells of a column, counted while its rows pass by. Memory does not grow with the rows."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from ckanext.mainz.governance.check.looking import marks, persons
from ckanext.mainz.governance.check.looking.marks import Mailbox
from ckanext.mainz.governance.check.looking.persons import Value

ROWS, SAMPLES, DISTINCT, YEARS = 5, 2, 200, 5_000
PROSE_WORDS, REMEMBERED = 5, 200
DIGIT = re.compile(r"\d")
BLANKS = re.compile(r"\s+")


@dataclass
class Hits:
    """Cells of one sort: how many, where the first ones are, two of them, and some of those that differ."""

    count: int = 0
    rows: list[int] = field(default_factory=list)
    samples: list[str] = field(default_factory=list)
    distinct: set[str] = field(default_factory=set)

    def add(self, line: int, text: str) -> None:
        """Counts a cell. Of a long text only the beginning is remembered."""
        self.count += 1
        text = text[:REMEMBERED]
        if len(self.rows) < ROWS:
            self.rows.append(line)
        if len(self.distinct) < DISTINCT:
            self.distinct.add(text)
        if len(self.samples) < SAMPLES and text not in self.samples:
            self.samples.append(text)


NOTHING = Hits()


@dataclass
class Observed:
    """A column: its name, and what its cells look like.

    `looked` counts filled cells that were looked at closely; `hits` has them by sort.
    """

    index: int
    name: str
    looked: int = 0
    values: Counter[Value] = field(default_factory=Counter)
    hits: dict[str, Hits] = field(default_factory=dict)
    years: list[int] = field(default_factory=list)
    told_at: int = 0

    def of(self, sort: str) -> Hits:
        """The cells of a sort; none where there were none."""
        return self.hits.get(sort, NOTHING)

    def share(self, count: int) -> float:
        """What part of the cells looked at that is."""
        return count / self.looked if self.looked else 0.0

    def look(self, line: int, cell: str) -> None:
        """Looks at a filled cell closely."""
        self.looked += 1
        self._add(line, "filled", cell)
        value = persons.value_of(cell) if len(cell) <= persons.LONGEST else Value.OTHER
        self.values[value] += 1
        if value in persons.NAMES:
            self._add(line, value.name, cell)
        if DIGIT.search(cell):
            self._look_at_numbers(line, cell)
        self.glance(line, cell)

    def glance(self, line: int, cell: str) -> None:
        """Looks at a filled cell only for what is seen at once, for the many rows of a large table."""
        if not marks.is_worth_a_look(cell):
            return
        self._look_for_mail(line, cell)
        self._look_for_phones(line, cell)
        for sort, found in (("account", marks.accounts), ("insurance", marks.insurance_numbers)):
            for one in found(cell):
                self._mark(line, sort, one, cell)
        if self._is_long(cell) and (persons.named_in(cell) or marks.BORN.search(cell)):
            self._tell(line, cell)

    def _look_at_numbers(self, line: int, cell: str) -> None:
        for one in marks.tax_ids(cell):
            self._mark(line, "tax", one, cell)
        year = marks.year_of(cell)
        if year is not None and len(cell) <= 30:
            self._add(line, "date", cell)
            if len(self.years) < YEARS:
                self.years.append(year)
        for sort, pattern in (("plate", marks.PLATE), ("house_number", marks.HOUSE_NUMBER)):
            if pattern.match(cell):
                self._add(line, sort, cell)
        if marks.is_street_with_number(cell):
            self._add(line, "street_number", cell)
        if cell.isdigit():
            self._add(line, f"digits_{len(cell)}", cell)

    def _look_for_mail(self, line: int, cell: str) -> None:
        for address, who in marks.emails(cell):
            sort = {Mailbox.PERSON: "mail", Mailbox.UNCLEAR: "unclear_mail", Mailbox.FUNCTION: "office_mail"}[who]
            self._mark(line, sort, address, cell)

    def _look_for_phones(self, line: int, cell: str) -> None:
        for number, mobile in marks.phones(cell):
            written = marks.is_written_as_phone(number)
            if self._is_long(cell):
                if mobile and written:
                    self._tell(line, cell)
                continue
            self._add(line, "mobile" if mobile and written else "phone" if written else "bare_phone", number)

    def _mark(self, line: int, sort: str, found: str, cell: str) -> None:
        """A mark that fills its cell belongs to the column; in a longer text it is told there."""
        inside = self._is_long(cell.replace(found, ""))
        if not inside:
            self._add(line, sort, found)
        elif sort not in ("office_mail", "unclear_mail"):
            self._tell(line, cell)

    def _tell(self, line: int, cell: str) -> None:
        """Somebody is told of in a longer text; a text with two marks counts once."""
        if line != self.told_at:
            self.told_at = line
            self._add(line, "told", cell)

    @staticmethod
    def _is_long(cell: str) -> bool:
        return len(BLANKS.findall(cell.strip())) >= PROSE_WORDS - 2

    def _add(self, line: int, sort: str, text: str) -> None:
        if sort not in self.hits:
            self.hits[sort] = Hits()
        self.hits[sort].add(line, text)
