"""Tables made at random, written in a random dialect, with the truth about them; for property tests and measuring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from ckanext.mainz.tabular import Value

PLACES = (
    *("Altstadt", "Bretzenheim", "Drais", "Ebersheim", "Finthen", "Gonsenheim", "Hartenberg-Münchfeld", "Hechtsheim"),
    *("Laubenheim", "Lerchenberg", "Marienborn", "Mombach", "Neustadt", "Oberstadt", "Weisenau"),
)
WORDS = (
    *("Straßenbäume", "Müllabfuhr", "Öffentliche Grünflächen", "Übergangsheim", "Kindertagesstätte", "Bürgeramt"),
    *("Feuerwehr", "Brunnen", "Spielplätze", "Fördermittel", "Gebühren", "Schüler", "Plätze", "Zählstelle"),
    *("Wohnfläche", "Haushalte", "Gewerbeanmeldungen", "Stellplätze", "Radwege", "Führerscheine"),
)
SENTENCES = (
    "Erneuerung der Fahrbahn, Gehweg und Beleuchtung",
    "Sanierung; zweiter Bauabschnitt",
    "siehe Beschluss des Stadtrats vom 12.03.2024",
    "Am Brand 3, Hinterhaus",
    "Förderung läuft aus",
    "Planung",
    "Neubau (Außenanlage) für 120 Kinder",
    "Bürgerbeteiligung – Ergebnis offen",
    "erster Absatz\nzweiter Absatz",
    'genannt "Zitadelle", Zone 1|2',
    "",
    "-",
)


@dataclass(frozen=True)
class Made:
    """A column: its name, its type, the cells as written and the values that they mean."""

    name: str
    type: str
    cells: list[str]
    values: list[Value]


@dataclass(frozen=True)
class Written:
    """A file and the truth about it."""

    content: bytes
    text: str
    encoding: str
    delimiter: str
    quote: str | None
    header_lines: tuple[int, ...]
    preamble: int
    footnotes: int
    columns: tuple[Made, ...]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.columns[0].cells)


@dataclass(frozen=True)
class Style:
    """How a whole table writes numbers and missing values."""

    decimal: str
    thousands: str
    missing: str


def _integer(rng: Random, rows: int, style: Style) -> Made:
    top = rng.choice((50, 900, 5000, 40_000, 3_000_000))
    numbers = [rng.randint(-top // 10 if rng.random() < 0.1 else 0, top) for _ in range(rows)]
    if top > 5000 or max(numbers) > 1900:
        numbers[rng.randrange(rows)] = top + 2101
    return _numbers(rng, "integer", numbers, style, lambda n: _grouped(n, style.thousands))


def _grouped(number: int, sign: str) -> str:
    return f"{number:,}".replace(",", sign) if sign else str(number)


def _decimal(rng: Random, rows: int, style: Style) -> Made:
    places = rng.choice((1, 2, 2, 4))
    numbers = [Decimal(rng.randint(-500, 9_000_000)).scaleb(-places) for _ in range(rows)]
    numbers[rng.randrange(rows)] = Decimal("1234.5")
    unit = rng.choice(("", "", "", " €", " %"))
    short = rng.random() < 0.3

    def write(number: Decimal) -> str:
        whole, _, fraction = format(number, "f").partition(".")
        fraction = fraction.rstrip("0") if short else fraction
        sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        grouped = sign + _grouped(int(digits), style.thousands)
        return (f"{grouped}{style.decimal}{fraction}" if fraction else grouped) + unit

    return _numbers(rng, "decimal", numbers, style, write)


def _numbers(rng: Random, kind: str, numbers: list, style: Style, write: Callable[[Decimal], str]) -> Made:
    cells, values = [write(number) for number in numbers], list(numbers)
    if len(cells) > 8 and rng.random() < 0.4:
        for n in rng.sample(range(len(cells)), len(cells) // 5):
            if numbers[n] not in (max(numbers), Decimal("1234.5")):
                cells[n], values[n] = style.missing, None
    return Made(
        f"{rng.choice(WORDS)} {rng.choice(('Anzahl', 'insgesamt je Ort', 'in Tsd', 'Wert'))}", kind, cells, values
    )


def _code(rng: Random, rows: int, _style: Style) -> Made:
    width = rng.choice((2, 3, 8))
    cells = [f"{rng.randint(0, 10**width - 1):0{width}}" for _ in range(rows)]
    cells[rng.randrange(rows)] = "0" * (width - 1) + "7"
    return Made(rng.choice(("Schlüssel", "Nr. Bezirk", "Kennung")), "text", cells, list(cells))


def _label(rng: Random, rows: int, _style: Style) -> Made:
    cells = [rng.choice(PLACES) for _ in range(rows)]
    return Made(rng.choice(("Stadtteil", "Ortsbezirk", "Bezirk")), "text", cells, list(cells))


def _fused(rng: Random, rows: int, _style: Style) -> Made:
    cells = [f"{n + 11} {PLACES[n]}" for n in (rng.randrange(len(PLACES)) for _ in range(rows))]
    return Made("Stadtteil mit Nummer", "text", cells, list(cells))


def _sentence(rng: Random, rows: int, _style: Style) -> Made:
    cells = [rng.choice(SENTENCES) for _ in range(rows)]
    cells[rng.randrange(rows)] = SENTENCES[0]
    return Made(rng.choice(("Bemerkung", "Maßnahme", "Lage")), "text", cells, [cell or None for cell in cells])


def _padded(rng: Random, rows: int, _style: Style) -> Made:
    cells = [rng.choice(PLACES) for _ in range(rows)]
    return Made("Ort (CHAR)", "text", [cell.ljust(40) for cell in cells], list(cells))


def _address(rng: Random, rows: int, _style: Style) -> Made:
    cells = [
        f"{rng.choice(WORDS)[:6]}straße {rng.randint(1, 199)}{rng.choice(('', '', 'a', ' b'))}" for _ in range(rows)
    ]
    return Made("Anschrift", "text", cells, list(cells))


def _mail(rng: Random, rows: int, _style: Style) -> Made:
    cells = [f"amt{rng.randint(10, 80)}@stadt.example" for _ in range(rows)]
    return Made("E-Mail", "text", cells, list(cells))


def _date(rng: Random, rows: int, _style: Style) -> Made:
    form = rng.choice(("%d.%m.%Y", "%Y-%m-%d", "%d.%m.%y"))
    days = [dt.date(2005, 1, 1) + dt.timedelta(days=rng.randint(0, 7600)) for _ in range(rows)]
    return Made(
        rng.choice(("Datum", "Stichtag", "Eingang am")), "date", [day.strftime(form) for day in days], list(days)
    )


def _datetime(rng: Random, rows: int, _style: Style) -> Made:
    form = rng.choice(("%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"))
    start = dt.datetime(2024, 1, 1)
    times = [start + dt.timedelta(minutes=rng.randint(0, 500_000)) for _ in range(rows)]
    return Made("Zeitpunkt", "datetime", [time.strftime(form) for time in times], list(times))


def _year(rng: Random, rows: int, _style: Style) -> Made:
    years = [rng.randint(1990, 2026) for _ in range(rows)]
    return Made(rng.choice(("Jahr", "Berichtsjahr", "Baujahr")), "year", [str(year) for year in years], list(years))


def _period(rng: Random, rows: int, _style: Style) -> Made:
    kind = rng.choice(("school", "quarter", "month"))
    cells = [_period_cell(rng, kind) for _ in range(rows)]
    return Made(rng.choice(("Schuljahr", "Zeitraum")), "period", cells, list(cells))


def _period_cell(rng: Random, kind: str) -> str:
    year = rng.randint(1990, 2025)
    if kind == "school":
        return f"{year}/{(year + 1) % 100:02}"
    return f"{rng.randint(1, 4)}. Quartal {year}" if kind == "quarter" else f"{year}-{rng.randint(1, 12):02}"


def _boolean(rng: Random, rows: int, _style: Style) -> Made:
    flags = [rng.random() < 0.5 for _ in range(rows)]
    return Made("barrierefrei", "boolean", ["ja" if flag else "nein" for flag in flags], list(flags))


MAKERS = (
    *(_integer, _integer, _decimal, _decimal, _code, _label, _label, _fused, _sentence, _date),
    *(_datetime, _year, _period, _boolean, _padded, _address, _mail),
)
ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "cp1252", "cp1252", "iso8859-15", "utf-16", "mac-roman", "cp850")
PREAMBLES = ("Bevölkerungsstatistik der Landeshauptstadt", "Stand: 31.12.2025", "", "Tabelle 3 – Übersicht")
FOOTNOTES = ("Quelle: Melderegister der Stadt", "*) vorläufiges Ergebnis", "Hinweis: Werte gerundet")


def make(rng: Random) -> Written:
    """A table written at random."""
    delimiter = rng.choice((";", ";", ";", ",", "\t", "|"))
    style = Style(
        decimal="," if rng.random() < 0.75 else ".",
        thousands="",
        missing=rng.choice(("", "-", ".", "x", "k.A.", "…")),
    )
    if rng.random() < 0.4:
        style = Style(style.decimal, "." if style.decimal == "," else rng.choice((",", "'")), style.missing)
    columns = _columns(rng, style)
    return _write(rng, delimiter, columns)


def _columns(rng: Random, style: Style) -> tuple[Made, ...]:
    rows = rng.choice((1, 2, 3, 5, 12, 40, 120, 400))
    made: list[Made] = []
    for _ in range(rng.randint(2, 9)):
        column = rng.choice(MAKERS)(rng, rows, style)
        if column.name not in [other.name for other in made]:
            made.append(column)
    if len(made) < 2 or any(not any(cells) for cells in zip(*(column.cells for column in made), strict=True)):
        made.append(_address(rng, rows, style))
    return tuple(made)


def _write(rng: Random, delimiter: str, columns: tuple[Made, ...]) -> Written:
    quoting = rng.choice(("minimal", "minimal", "all", "text"))
    quote = "'" if rng.random() < 0.1 and not any("'" in cell for column in columns for cell in column.cells) else '"'
    header = rng.choice(("labels", "labels", "labels", "aliases", "none", "double"))
    heads = _heads(rng, header, columns)
    end = rng.choice(("\r\n", "\r\n", "\n", "\r"))
    preamble = [rng.choice(PREAMBLES) for _ in range(rng.choice((0, 0, 0, 1, 2, 3)))] if header != "none" else []
    footnotes = [rng.choice(FOOTNOTES) for _ in range(rng.choice((0, 0, 0, 1, 2)))]
    used: list[bool] = []

    def cell(text: str, kind: str) -> str:
        needs = delimiter in text or quote in text or "\n" in text
        if needs or quoting == "all" or (quoting == "text" and kind == "text" and text):
            used.append(True)
            return quote + text.replace(quote, quote * 2) + quote
        return text

    body = [
        delimiter.join(cell(column.cells[n], column.type) for column in columns) for n in range(len(columns[0].cells))
    ]
    top = [delimiter.join(cell(name, "text") for name in head) for head in heads]
    notes = [*([""] if rng.random() < 0.5 else []), *footnotes] if footnotes else []
    if len(body) > 5 and rng.random() < 0.1:
        body.insert(rng.randrange(1, len(body)), "")
    text = end.join([*preamble, *top, *body, *notes]) + (end if rng.random() < 0.9 else "")
    encoding = rng.choice(ENCODINGS)
    text = text.encode(encoding, "ignore").decode(encoding)
    first = len(preamble) + 1
    return Written(
        content=text.encode(encoding),
        text=text,
        encoding=encoding,
        delimiter=delimiter,
        quote=quote if used else None,
        header_lines=tuple(range(first, first + len(heads))),
        preamble=sum(1 for line in preamble if line),
        footnotes=len(footnotes),
        columns=columns,
    )


def _heads(rng: Random, header: str, columns: tuple[Made, ...]) -> list[list[str]]:
    names = [column.name for column in columns]
    if header == "none":
        return []
    if header == "aliases":
        return [[f"{name[:4].upper().strip('. ')}_{n}" for n, name in enumerate(names)]]
    if (
        header == "double"
        and len(columns) > 3
        and all(column.type in ("integer", "decimal") for column in columns[-2:])
    ):
        upper = [*names[:-2], str(rng.randint(2015, 2025)), ""]
        lower = [*("" for _ in names[:-2]), "männlich", "weiblich"]
        return [upper, lower]
    return [names]
