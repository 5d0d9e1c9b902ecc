"""From what was seen in the columns of a table to findings, kind by kind.

A cell alone rarely tells whether somebody can be known by it: ``Anna Seghers`` is a person, a school or a poet, a
telephone number belongs to a pharmacy or to a patient. The name of its column and the columns beside it decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ckanext.mainz.governance.check import findings as kinds
from ckanext.mainz.governance.check.findings import Finding
from ckanext.mainz.governance.check.looking import persons
from ckanext.mainz.governance.check.looking.masking import mask
from ckanext.mainz.governance.check.looking.observed import Hits, Observed
from ckanext.mainz.governance.check.looking.persons import Value
from ckanext.mainz.governance.check.looking.text import words, words_of

#: Nobody who was born earlier lives.
OLDEST = 110
#: So long after a death nobody needs to be asked any more, as archive laws have it.
LONG_DEAD = 30
#: Words of columns that do not name a person by themselves: what else the column is called counts more.
WEAK = frozenset({"name", "namen", "kontakt", "contact", "first", "last", "kind", "schuler", "mitglied", "member"})
#: Words of columns of people in which firms and clubs stand as well.
OR_FIRMS = frozenset(
    {
        "empfanger",
        "empfangerin",
        "kunde",
        "kundin",
        "customer",
        "owner",
        "holder",
        "eigentumer",
        "eigentumerin",
        "inhaber",
        "inhaberin",
    }
)
CERTAIN, LIKELY, POSSIBLE = 0.95, 0.8, 0.6


@dataclass
class Seen:
    """A table whose rows have passed by. `this_year` tells who may still live."""

    columns: Sequence[Observed]
    title: str
    this_year: int
    names: set[int] = field(default_factory=set)

    @cached_property
    def is_public(self) -> bool:
        """Whether it lists holders of public offices, or people who are honoured in public."""
        return words("public_titles").among(self.title) or self.has("public_tables")

    @cached_property
    def is_of_institutions(self) -> bool:
        """Whether its rows are offices, firms, clubs and the like, which want to be found."""
        filled = any(one.share(one.values[Value.INSTITUTION]) >= 0.5 for one in self.columns)
        return filled or self.has("institution_columns") or self.has("service_columns")

    @cached_property
    def is_of_the_dead(self) -> bool:
        """Whether everybody in it died long ago."""
        deaths = [one for one in self.columns if words("dead_columns").among(one.name)]
        years = [year for one in deaths for year in one.years]
        return bool(years) and max(years) < self.this_year - LONG_DEAD

    @cached_property
    def counts_names(self) -> bool:
        """Whether it says how often names are given, and to whom it does not say."""
        others = ("birthday_columns", "phone_columns", "email_columns", "address_columns")
        both = self.has("given_name_columns") and self.has("surname_columns")
        return self.has("counts") and not both and not any(self.has(one) for one in others)

    @cached_property
    def is_of_persons(self) -> bool:
        """Whether its rows are single people, by what has been found or by the names of its columns."""
        told = ("birthday_columns", "person_id_columns", "insurance_columns", "tax_columns", "surname_columns")
        return bool(self.names) or (
            not self.counts_names and not self.is_of_the_dead and any(self.has(one) for one in told)
        )

    def has(self, list_name: str, besides: Observed | None = None) -> bool:
        """Whether a column, another than `besides`, is called by one of the words of a list."""
        return any(words(list_name).among(one.name) for one in self.columns if one is not besides)


Judge = Callable[[Observed, Seen], Finding | None]


def judged(seen: Seen) -> Iterator[Finding]:
    """All findings of a table but the small cells. Names come first, because other kinds ask for them."""
    for column in seen.columns:
        if (found := name(column, seen)) is not None:
            seen.names.add(column.index)
            yield found
    for column in seen.columns:
        if column.index not in seen.names:
            found = [one for judge in JUDGES if (one := judge(column, seen)) is not None]
            yield from found or _told(column)


def told_beside(lines: Observed) -> Finding | None:
    """People in what stands above and below a table."""
    sorts = ("told", "mail", "account", "mobile", "insurance")
    return _finding(kinds.FREE_TEXT, lines, POSSIBLE, *sorts) if _count(lines, sorts) else None


def name(column: Observed, seen: Seen) -> Finding | None:
    """Names of people."""
    if seen.is_public or seen.is_of_the_dead or words("public_columns").among(column.name) or not column.looked:
        return None
    strong = column.of("PERSON").count + column.of("ADDRESSED").count
    if words("given_name_columns").among(column.name) or words("surname_columns").among(column.name):
        return _part_of_name(column, seen)
    if words("plain_name_columns").among(column.name) and (
        seen.has("given_name_columns") or seen.has("birthday_columns")
    ):
        return _part_of_name(column, seen)
    if _is_about_things(column.name):
        return None
    if words("person_columns").among(column.name) and not seen.counts_names:
        return _person_column(column, seen, strong)
    if strong >= 3 and column.share(strong) >= 0.5:
        return _finding(kinds.NAME, column, LIKELY, "PERSON", "ADDRESSED")
    return None


def _part_of_name(column: Observed, seen: Seen) -> Finding | None:
    """A column of given names or of surnames: alone, or counted, they name nobody."""
    if seen.counts_names:
        return None
    given = words("given_name_columns").among(column.name)
    if given and not (
        seen.has("surname_columns", column) or seen.has("plain_name_columns", column) or seen.is_of_persons
    ):
        return None
    alike = sum(column.values[value] for value in persons.NAMES)
    if column.share(alike) < 0.5:
        return None
    return _finding(kinds.NAME, column, CERTAIN, *(value.name for value in persons.NAMES))


def _is_about_things(column_name: str) -> bool:
    """Whether a column is called after a thing, and after no person beside it."""
    called = words_of(column_name)
    persons_named = [word for word in called if words("person_columns").has(word) and word not in WEAK]
    return not persons_named and words("thing_columns").among(column_name)


def _person_column(column: Observed, seen: Seen, strong: int) -> Finding | None:
    strength = column.share(strong)
    shaped = column.of("SHAPED").count
    single = column.of("SURNAME").count + column.of("GIVEN").count
    is_weak = all(word in WEAK for word in words_of(column.name) if words("person_columns").has(word))
    needed = (0.8 if words("thing_columns").in_plural(seen.title) else 0.4) if is_weak else 0.1
    if strong >= 2 and strength >= needed:
        return _finding(kinds.NAME, column, LIKELY if strength < 0.6 else CERTAIN, "PERSON", "ADDRESSED")
    if is_weak or _is_mostly_numbers(column):
        return None
    if strong and (column.looked <= 3 or column.share(strong + shaped) >= 0.5):
        return _finding(kinds.NAME, column, LIKELY, "PERSON", "ADDRESSED", "SHAPED")
    if not set(words_of(column.name)) & OR_FIRMS and column.share(strong + shaped) >= 0.7:
        return _finding(kinds.NAME, column, POSSIBLE, "PERSON", "ADDRESSED", "SHAPED")
    if single >= 3 and column.share(single + column.values[Value.WORD]) >= 0.6 and column.share(single) >= 0.3:
        return _finding(kinds.NAME, column, POSSIBLE, "SURNAME", "GIVEN")
    return None


def _is_mostly_numbers(column: Observed) -> bool:
    return column.share(column.values[Value.OTHER]) > 0.8


def birthday(column: Observed, seen: Seen) -> Finding | None:
    """Birthdays and years of birth of people who may live."""
    if seen.is_of_the_dead or seen.is_public or not column.years:
        return None
    living = sum(year == 0 or year >= seen.this_year - OLDEST for year in column.years)
    if living < 0.5 * len(column.years):
        return None
    if words("birthday_columns").among(column.name) and column.share(column.of("date").count) >= 0.3:
        return _finding(kinds.BIRTHDAY, column, CERTAIN, "date")
    if words("birth_year_columns").among(column.name) and seen.is_of_persons and not seen.has("counts"):
        return _finding(kinds.BIRTHDAY, column, LIKELY, "date")
    return _nameless_birthday(column, seen)


def _nameless_birthday(column: Observed, seen: Seen) -> Finding | None:
    """Dates called nothing but ``Datum`` beside names, spread as the ages of people are."""
    plain = set(words_of(column.name)) <= words("plain_date_columns").exact
    years = sorted(year for year in column.years if year)
    if not plain or not seen.names or len(years) < 5:
        return None
    adults = years[len(years) // 2] <= seen.this_year - 18
    return _finding(kinds.BIRTHDAY, column, POSSIBLE, "date") if adults and years[-1] - years[0] > 20 else None


def email(column: Observed, seen: Seen) -> Finding | None:
    """E-mail addresses that only one person reads."""
    by_name = column.of("mail").count
    if by_name and (by_name >= 2 or not seen.is_of_institutions or seen.names):
        return _finding(kinds.EMAIL, column, CERTAIN, "mail")
    if column.of("unclear_mail").count and not seen.is_of_institutions and (seen.is_of_persons or by_name):
        return _finding(kinds.EMAIL, column, POSSIBLE, "unclear_mail")
    return None


def phone(column: Observed, seen: Seen) -> Finding | None:
    """Telephone numbers of people. Those of offices and firms want to be called."""
    called = words("phone_columns").among(column.name)
    mobile, written = column.of("mobile"), column.of("phone")
    sorts = ("mobile", "phone", "bare_phone") if called else ("mobile", "phone")
    numbers = sum(column.of(sort).count for sort in sorts)
    if not numbers or column.share(numbers) < (0.2 if called else 0.6):
        return None
    if len(mobile.distinct | written.distinct | column.of("bare_phone").distinct) < min(3, column.looked):
        return None
    private = seen.is_of_persons and not seen.is_of_institutions
    if private or (mobile.count >= 2 and (seen.names or not seen.is_of_institutions)):
        return _finding(kinds.PHONE, column, CERTAIN if called else POSSIBLE, *sorts)
    return None


def account(column: Observed, seen: Seen) -> Finding | None:
    """Account numbers: IBANs by their check digits, old ones by what stands beside them."""
    if column.of("account").count:
        return _finding(kinds.ACCOUNT, column, CERTAIN, "account")
    sorts = [f"digits_{length}" for length in range(5, 11)]
    called = words("account_columns").among(column.name) and not words("no_account_columns").among(column.name)
    if called and seen.has("bank_columns", column) and column.share(_count(column, sorts)) >= 0.5:
        return _finding(kinds.ACCOUNT, column, LIKELY, *sorts)
    return None


def tax_id(column: Observed, seen: Seen) -> Finding | None:  # noqa: ARG001 - like all judges
    """Steuerliche Identifikationsnummern. One number in some thirty of eleven digits looks like one by chance."""
    found = column.of("tax")
    called = words("tax_columns").among(column.name)
    if found.count and column.share(found.count) >= (0.3 if called else 0.8) and (called or len(found.distinct) >= 4):
        return _finding(kinds.TAX_ID, column, CERTAIN if called else LIKELY, "tax")
    return None


def insurance(column: Observed, seen: Seen) -> Finding | None:  # noqa: ARG001 - like all judges
    """Numbers of pension and health insurance."""
    found = column.of("insurance")
    called = words("insurance_columns").among(column.name)
    if found.count and column.share(found.count) >= (0.3 if called else 0.8) and (called or len(found.distinct) >= 3):
        return _finding(kinds.INSURANCE, column, CERTAIN if called else LIKELY, "insurance")
    return None


def person_id(column: Observed, seen: Seen) -> Finding | None:  # noqa: ARG001 - like all judges
    """Numbers by which an office or a firm knows somebody, told by the name of their column only."""
    if not words("person_id_columns").among(column.name) or not column.looked:
        return None
    return _finding(kinds.PERSON_ID, column, LIKELY, "filled")


def plate(column: Observed, seen: Seen) -> Finding | None:
    """Number plates of cars, where it is about cars: many other codes are written alike."""
    found = column.of("plate")
    about_cars = (
        words("plate_columns").among(column.name)
        or seen.has("vehicle_words")
        or words("vehicle_words").among(seen.title)
    )
    if about_cars and found.count and column.share(found.count) >= 0.4:
        return _finding(kinds.PLATE, column, LIKELY, "plate")
    return None


def address(column: Observed, seen: Seen) -> Finding | None:
    """Where somebody lives: a street with a house number beside a person."""
    home = words("home_columns").among(column.name)
    if not home and (not seen.is_of_persons or seen.is_of_institutions):
        return None
    if column.share(column.of("street_number").count) >= 0.4:
        return _finding(kinds.ADDRESS, column, CERTAIN if home else LIKELY, "street_number")
    if words("house_number_columns").among(column.name) and seen.has("address_columns", column):
        return _finding(kinds.ADDRESS, column, LIKELY, "filled")
    beside = seen.has("house_number_columns", column)
    if beside and words("address_columns").among(column.name) and column.looked:
        return _finding(kinds.ADDRESS, column, LIKELY, "filled")
    return None


def coordinates(column: Observed, seen: Seen) -> Finding | None:
    """Points in a table whose rows are people."""
    if not seen.is_of_persons or seen.is_of_institutions or not words("coordinate_columns").among(column.name):
        return None
    return _finding(kinds.COORDINATES, column, POSSIBLE, "filled") if column.looked else None


def _told(column: Observed) -> list[Finding]:
    """People in a longer text."""
    found = column.of("told")
    return [_finding(kinds.FREE_TEXT, column, LIKELY, "told")] if found.count else []


def _finding(kind: str, column: Observed, confidence: float, *sorts: str) -> Finding:
    hits = [column.of(sort) for sort in sorts]
    rows = sorted({row for one in hits for row in one.rows})[:5]
    return Finding(kind, column.name, tuple(rows), sum(one.count for one in hits), _samples(hits), confidence)


def _samples(hits: Sequence[Hits]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mask(one) for hit in hits for one in hit.samples))[:2]


def _count(column: Observed, sorts: Sequence[str]) -> int:
    return sum(column.of(sort).count for sort in sorts)


JUDGES: tuple[Judge, ...] = (
    birthday, email, phone, account, tax_id, insurance, person_id, plate, address, coordinates
)  # fmt: skip
