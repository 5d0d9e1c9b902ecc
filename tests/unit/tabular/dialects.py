"""Every dialect that German offices write, as small files with invented Mainz figures, and how they are read.

The table of ``docs/developers/tabular.md`` is made from this list; ``test_dialects.py`` checks both.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tests.unit.tabular import books

from ckanext.mainz.tabular import HeaderKind, Suppressed, Value

D = Decimal


@dataclass(frozen=True)
class Read:
    """How a dialect is to be read. What is None is not looked at."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    line_end: str | None = None
    header: HeaderKind = HeaderKind.LABELS
    header_lines: tuple[int, ...] | None = None
    names: tuple[str, ...] | None = None
    types: tuple[str, ...] | None = None
    rows: int | None = None
    first: tuple[Value, ...] | None = None
    last: tuple[Value, ...] | None = None
    preamble: int = 0
    footnotes: int = 0
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refused:
    """The code of the refusal."""

    code: str


@dataclass(frozen=True)
class Case:
    """A file and what is expected of it."""

    name: str
    what: str
    content: bytes
    expected: Read | Refused
    suffix: str = ".csv"
    quirks: str = ""


def lines(*rows: str, end: str = "\r\n", encoding: str = "utf-8", last: bool = True) -> bytes:
    """Rows as a file."""
    return (end.join(rows) + (end if last else "")).encode(encoding)


def _zip(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


DRESDEN_STYLE = (
    "Jahr;Stadtteil;Anteil Haushalte mit geringem Einkommen;Mittleres Einkommen;Krankenhausapotheken",
    "2024;01 Altstadt;15,7;937,4;3",
    "2024;02 Neustadt;78,3;894;1",
    "2024;11 Oberstadt;6;1021,25;-",
    "2024;12 Weisenau;9,1;1100;-",
    "2024;99 Mainz gesamt;14,1;894,8;4",
)
_DRESDEN: Mapping[str, Any] = dict(  # noqa: C408 - read as keywords below
    delimiter=";",
    line_end="\r\n",
    names=tuple(DRESDEN_STYLE[0].split(";")),
    types=("year", "text", "decimal", "decimal", "integer"),
    rows=5,
    first=(2024, "01 Altstadt", D("15.7"), D("937.4"), 3),
    findings=("fused_code", "missing_values", "total_row"),
)

_PAD = 100


def _padded(text: str) -> str:
    return text.ljust(_PAD)


FREIBURG_STYLE = (
    '"Dezernat",Amt,Produkt,"Bezeichnung",Ergebnis 2024,Ansatz 2025',
    f'"DEZ-I  ",AMT-010,111001,"{_padded("Steuerung")}","150176,1",90210',
    f'"DEZ-I  ",AMT-012,111002,"{_padded("Statistik, Wahlen")}","-2270910,5","-2120734,4"',
    f'"DEZ-II ",AMT-020,112001,"{_padded("% Durchführung von Prüfungen")}",-2208684,0',
)

CASES: tuple[Case, ...] = (
    Case(
        "d1",
        "Dresden style: `;`, CRLF, UTF-8, decimal comma, fused codes, `-`",
        lines(*DRESDEN_STYLE),
        Read(encoding="utf-8", **_DRESDEN),
        quirks="19, 22, 24-27",
    ),
    Case(
        "d2",
        "the same in Windows-1252",
        lines(*DRESDEN_STYLE, "2024;03 Münchfeld;1,5;2;§", encoding="cp1252"),
        Read(encoding="cp1252", delimiter=";", types=("year", "text", "decimal", "decimal", "text"), rows=6),
        quirks="19",
    ),
    Case(
        "d3",
        "Freiburg style: comma, quoted decimal commas, cells padded to 100 signs, no BOM",
        lines(*FREIBURG_STYLE),
        Read(
            encoding="utf-8",
            delimiter=",",
            quote='"',
            line_end="\r\n",
            rows=3,
            types=("text", "text", "integer", "text", "decimal", "decimal"),
            first=("DEZ-I", "AMT-010", 111001, "Steuerung", D("150176.1"), D(90210)),
            findings=("padding",),
        ),
        quirks="22, 24, 28",
    ),
    Case(
        "d4",
        "BOM, LF, umlauts lost to `?`, `90210.00 €` beside `-2377415,3`",
        b"\xef\xbb\xbf"
        + lines(
            "Amt,Bezeichnung,Ansatz 2025,Ansatz 2026",
            'AMT-010,B?rgermeisteramt,90210.00 €,"-2377415,3"',
            'AMT-012,Umweltschutzma?nahmen,"-367,2",0.00 €',
            "AMT-020,Kämmerei,1.50 €,-1289593.00 €",
            end="\n",
        ),
        Read(
            encoding="utf-8-sig",
            delimiter=",",
            quote='"',
            line_end="\n",
            rows=3,
            types=("text", "text", "decimal", "decimal"),
            first=("AMT-010", "B?rgermeisteramt", D("90210.00"), D("-2377415.3")),
            findings=("question_marks", "mixed_numbers"),
        ),
        quirks="20, 24",
    ),
    Case(
        "d5",
        "raw export: no header, quotes, duplicate keys, a cell of two lines",
        lines(
            '"2024";"Altstadt";12;"Am Markt\r\n2. Zeile"',
            '"2024";"Altstadt";12;"Am Dom"',
            '"2024";"Altstadt";7;"Am Dom"',
            '"2024";"Neustadt";31;"Goetheplatz"',
        ),
        Read(
            encoding="utf-8",
            delimiter=";",
            quote='"',
            header=HeaderKind.NONE,
            rows=4,
            types=("year", "text", "integer", "text"),
            first=(2024, "Altstadt", 12, "Am Markt\r\n2. Zeile"),
            findings=("no_header", "multi_line_cell"),
        ),
        quirks="21, 23, 29",
    ),
    Case(
        "d6",
        "header of database aliases",
        lines("JAHR;STT_NR;EINW_INSG;ANT_W", "2024;01;17723;51,2", "2024;02;28011;50,1"),
        Read(
            delimiter=";",
            header=HeaderKind.ALIASES,
            types=("year", "text", "integer", "decimal"),
            rows=2,
            first=(2024, "01", 17723, D("51.2")),
        ),
        quirks="23",
    ),
    Case(
        "d7",
        "pivot: preamble, two header rows, subtotals, total, footnotes",
        lines(
            "Bevölkerung nach Stadtteil und Geschlecht",
            "Stand: 31.12.2025",
            "",
            "Stadtteil;2024;;2025;",
            ";männlich;weiblich;männlich;weiblich",
            "Altstadt;8.801;8.922;8.790;8.933",
            "Neustadt;14.102;13.905;14.200;13.998",
            "Innenstadt zusammen;22.903;22.827;22.990;22.931",
            "Drais;1.502;1.601;.;1.611",
            "Gesamt;24.405;24.428;24.490;24.542",
            "",
            ". = Zahlenwert geheim zu halten",
            "Quelle: Einwohnermelderegister; eigene Berechnung",
        ),
        Read(
            delimiter=";",
            preamble=2,
            header_lines=(4, 5),
            footnotes=2,
            rows=5,
            names=("Stadtteil", "2024 / männlich", "2024 / weiblich", "2025 / männlich", "2025 / weiblich"),
            types=("text", "integer", "integer", "integer", "integer"),
            first=("Altstadt", 8801, 8922, 8790, 8933),
            findings=("header_merged", "total_row", "preamble", "footnote", "suppressed_values"),
        ),
        quirks="23, 27, 31",
    ),
    Case(
        "d7b",
        "pivot whose preamble and footnote are padded with delimiters",
        lines(
            "Bevölkerung;;;",
            "Stand:;31.12.2025;;",
            ";;;",
            "Gemeindeschlüssel;Nr;Bezirk;Einwohner",
            "07315000;11;Altstadt;17723",
            "07315000;12;Neustadt;28011",
            ";;;",
            "Quelle: Stadt Mainz;;;",
        ),
        Read(
            delimiter=";",
            preamble=2,
            header_lines=(4,),
            footnotes=1,
            rows=2,
            types=("text", "integer", "text", "integer"),
            first=("07315000", 11, "Altstadt", 17723),
        ),
        quirks="23, 26, 31",
    ),
    Case(
        "d8",
        "`;` inside quotes, doubled quotes",
        lines("Nr;Einrichtung;Plätze", '1;"Kita ""Sonne""; Altstadt";25', "2;Kita Drais;30"),
        Read(
            delimiter=";",
            quote='"',
            rows=2,
            types=("integer", "text", "integer"),
            first=(1, 'Kita "Sonne"; Altstadt', 25),
        ),
        quirks="22",
    ),
    Case(
        "d9",
        "keys only, with leading zeros",
        lines("STT;ALTG;GES;ANZ", "01;00;1;12", "01;05;2;15", "02;10;1;9"),
        Read(
            delimiter=";",
            header=HeaderKind.ALIASES,
            types=("text", "text", "integer", "integer"),
            rows=3,
            first=("01", "00", 1, 12),
        ),
        quirks="26",
    ),
    Case(
        "d9b",
        "code list beside it",
        lines("Schlüssel;Ausprägung", "01;Altstadt", "02;Neustadt", "05911000;Bochum"),
        Read(delimiter=";", types=("text", "text"), rows=3, first=("01", "Altstadt")),
        quirks="26",
    ),
    Case(
        "d10",
        "ISO dates beside zero-padded months",
        lines("Datum;Jahr;Monat;Tag;Fälle", "2025-03-07;2025;03;07;2", "2025-03-08;2025;03;08;0"),
        Read(
            delimiter=";",
            types=("date", "year", "text", "text", "integer"),
            rows=2,
            first=(dt.date(2025, 3, 7), 2025, "03", "07", 2),
        ),
        quirks="11, 26",
    ),
    Case(
        "d11",
        "school years, quarters, `unbekannt` among years",
        lines(
            "Schuljahr;Quartal;Fertigstellungsjahr;Anzahl",
            "1990/91;1. Quartal;1988;12",
            "1991/92;2. Quartal;unbekannt;7",
            "1992/93;3. Quartal;1989;9",
        ),
        Read(
            delimiter=";",
            types=("period", "period", "year", "integer"),
            rows=3,
            first=("1990/91", "1. Quartal", 1988, 12),
        ),
        quirks="12, 27",
    ),
    Case(
        "d12",
        "anonymised cells (`&bullet;`, `.`, `x`, `<5`) and values rounded to 5",
        lines(
            "Stadtteil;Kinder;Quote;Betrag",
            *(f"Bezirk {n};{n * 5};{n},5;{n * 10}" for n in range(1, 24)),
            "Bezirk 24;&bullet;;x;",
            "Bezirk 25;<5;.;5",
        ),
        Read(
            delimiter=";",
            types=("text", "integer", "decimal", "integer"),
            rows=25,
            last=("Bezirk 25", Suppressed("<5"), Suppressed("."), 5),
            findings=("suppressed_values", "rounded_to_five"),
        ),
        quirks="25, 32",
    ),
    Case(
        "d13",
        "a new column in the middle (night 2)",
        lines("Jahr;Stadtteil;Fläche (ha);Einwohner", "2025;Altstadt;241,4;17723", "2025;Neustadt;367,2;28011"),
        Read(delimiter=";", types=("year", "text", "decimal", "integer"), rows=2),
        quirks="30",
    ),
    Case(
        "d14",
        "long table of 40,000 rows",
        lines("Jahr;Alter;Anzahl", *(f"{2000 + n % 26};{n % 85};{n * 7 % 911}" for n in range(40_000))),
        Read(delimiter=";", types=("year", "integer", "integer"), rows=40_000, last=(2011, 49, 316)),
        quirks="",
    ),
    Case("d15", "empty file", b"", Refused("empty")),
    Case("d15b", "nothing but line ends", b"\r\n\r\n  \r\n", Refused("blank")),
    Case(
        "d16",
        "header only",
        lines("Jahr;Stadtteil;Einwohner"),
        Read(delimiter=";", rows=0, findings=("no_rows",)),
        quirks="31",
    ),
    # --- encodings
    Case(
        "e1",
        "Latin-9 with a euro sign",
        lines("Stelle;Gebühr", "Bürgeramt;12 €", "Straßenverkehr;7,50 €", encoding="iso8859-15"),
        Read(encoding="iso8859-15", types=("text", "decimal"), first=("Bürgeramt", D(12)), rows=2),
        quirks="19",
    ),
    Case(
        "e2",
        "Windows-1252 with a euro sign",
        lines("Stelle;Gebühr", "Bürgeramt;12 €", "Straßenverkehr;7,50 €", encoding="cp1252"),
        Read(encoding="cp1252", types=("text", "decimal"), first=("Bürgeramt", D(12)), rows=2),
        quirks="19",
    ),
    Case(
        "e3",
        "Mac Roman with lone CR",
        lines("Straße;Größe", "Kästrich;3", "Münsterplatz;4", end="\r", encoding="mac-roman"),
        Read(encoding="mac-roman", line_end="\r", names=("Straße", "Größe"), rows=2, first=("Kästrich", 3)),
        quirks="19, 21",
    ),
    Case(
        "e4",
        "DOS code page 850",
        lines("Straße;Größe", "Kästrich;3", "Münsterplatz;4", "Öffentliche Höfe;5", encoding="cp850"),
        Read(encoding="cp850", names=("Straße", "Größe"), rows=3, first=("Kästrich", 3)),
    ),
    Case(
        "e5",
        "UTF-16 with BOM and tabs, as a spreadsheet's 'Unicode text'",
        lines("Straße\tGröße", "Kästrich\t3", encoding="utf-16"),
        Read(encoding="utf-16", delimiter="\t", names=("Straße", "Größe"), rows=1, first=("Kästrich", 3)),
    ),
    Case(
        "e6",
        "UTF-16 without BOM",
        lines("Strasse;Einwohnerzahl", "Kaestrich;3", "Schillerplatz;4", encoding="utf-16-le"),
        Read(encoding="utf-16-le", delimiter=";", rows=2, first=("Kaestrich", 3)),
    ),
    Case(
        "e7",
        "UTF-8 with one line of Windows-1252",
        lines("Straße;Größe", *("Kästrich;3",) * 30) + "Höfchen;4\r\n".encode("cp1252"),
        Read(encoding="utf-8", rows=31, last=("Höfchen", 4), findings=("mixed_encoding",)),
        quirks="19",
    ),
    Case(
        "e8",
        "umlauts encoded twice",
        lines("Straße;Größe", "KÃ¤strich;3", "MÃ¼nsterplatz;4"),
        Read(encoding="utf-8", rows=2, first=("KÃ¤strich", 3), findings=("mojibake",)),
    ),
    Case(
        "e9",
        "signs that were lost when the file was made (U+FFFD)",
        lines("Ort;Wert", "K�strich;3", "Drais;4"),
        Read(encoding="utf-8", rows=2, findings=("replacement_character",)),
        quirks="20",
    ),
    # --- signs
    Case(
        "s1",
        "tabs",
        lines("Jahr\tOrt\tWert", "2024\tDrais\t1,5", "2025\tDrais, Ort\t2,5"),
        Read(delimiter="\t", rows=2, types=("year", "text", "decimal")),
    ),
    Case(
        "s2",
        "pipes",
        lines("Jahr|Ort|Wert", "2024|Drais|1.5", "2025|Drais, Ort|2.5", end="\n"),
        Read(delimiter="|", rows=2, types=("year", "text", "decimal")),
    ),
    Case(
        "s3",
        "single quotes",
        lines("'Jahr';'Ort';'Wert'", "2024;'Mainz; Drais';1", "2025;'Finthen';2"),
        Read(delimiter=";", quote="'", rows=2, first=(2024, "Mainz; Drais", 1)),
        quirks="22",
    ),
    Case(
        "s4",
        "blank as delimiter, text in quotes",
        lines('"Jahr" "Ort" "Wert"', '2024 "Am Dom" 5', '2025 "Finthen" 6', '2025 "Drais" 7'),
        Read(delimiter=" ", quote='"', rows=3, first=(2024, "Am Dom", 5)),
        quirks="22",
    ),
    Case(
        "s5",
        "a first line `sep=;`",
        lines("sep=;", "Jahr;Wert", "2024;1,5", "2025;2,5"),
        Read(delimiter=";", rows=2, header_lines=(2,), findings=("sep_line",)),
    ),
    Case(
        "s6",
        "commas in unquoted labels of a `;` file",
        lines("Jahr;Art, Lage;Zahl", "2024;Neubau, Altstadt;2", "2025;Umbau, Neustadt;3"),
        Read(delimiter=";", rows=2, first=(2024, "Neubau, Altstadt", 2)),
        quirks="22",
    ),
    Case(
        "s7",
        "missing final newline",
        lines("Jahr;Wert", "2024;1", "2025;2", last=False),
        Read(rows=2, last=(2025, 2), findings=("no_final_newline",)),
        quirks="21",
    ),
    Case(
        "s8",
        "LF inside quoted cells of a CRLF file",
        lines("Nr;Text;Zahl", '1;"eins\nzwei";3', "2;drei;4"),
        Read(
            delimiter=";",
            quote='"',
            line_end="\r\n",
            rows=2,
            first=(1, "eins\nzwei", 3),
            findings=("multi_line_cell", "mixed_line_ends"),
        ),
        quirks="21",
    ),
    Case(
        "s9",
        "LF inside unquoted cells of a CRLF file",
        lines("Nr;Text;Zahl", "1;eins\nzwei;3", "2;drei;4", "3;vier\nfünf;5", "4;sechs;6"),
        Read(delimiter=";", line_end="\r\n", rows=4, first=(1, "eins\nzwei", 3)),
        quirks="21",
    ),
    Case(
        "s10",
        "a stray quote",
        lines("Nr;Name;Zahl", '1;"Zum Löwen" GmbH;3', '2;Rohr 5";4', '3;"offen;5', "4;zu;6", '5;"gut";7'),
        Read(delimiter=";", quote='"', rows=5, first=(1, '"Zum Löwen" GmbH', 3), findings=("stray_quote",)),
    ),
    # --- rows
    Case(
        "r1",
        "ragged rows and blank lines",
        lines("Jahr;Ort;Wert", "2024;Drais;1", "", "2024;Finthen", "2025;Drais;2;zu viel", "2025;Finthen;3"),
        Read(rows=4, findings=("row_short", "row_long", "blank_line")),
        quirks="31",
    ),
    Case(
        "r2",
        "a delimiter too many at each end",
        lines("Jahr;Ort;Wert;", "2024;Drais;1;", "2025;Drais;2;"),
        Read(names=("Jahr", "Ort", "Wert"), rows=2),
        quirks="31",
    ),
    Case(
        "r3",
        "duplicate and empty names, a very long name",
        lines(f"Jahr;Anzahl;Anzahl;;{'Anteil der Haushalte ' * 8}", "2024;1;2;3;4", "2025;1;2;3;4"),
        Read(rows=2, findings=("duplicate_name", "empty_name", "long_name")),
        quirks="28",
    ),
    Case(
        "r4",
        "the header again in the middle, doubled rows",
        lines("Jahr;Wert", "2024;1", "2024;1", "Jahr;Wert", "2025;2"),
        Read(rows=3, findings=("header_repeated", "duplicate_row")),
    ),
    Case(
        "r5",
        "a row that counts the columns",
        lines("Stadtteil;Einwohner;Fläche", "1;2;3", "Drais;3100;3,1", "Finthen;14000;11,2"),
        Read(rows=2, types=("text", "integer", "decimal"), findings=("number_row",)),
    ),
    Case(
        "r6",
        "years as names of columns",
        lines("Stadtteil;2023;2024;2025", "Altstadt;17723;17801;17777", "Drais;3100;3121;3111"),
        Read(names=("Stadtteil", "2023", "2024", "2025"), rows=2, types=("text", "integer", "integer", "integer")),
        quirks="30",
    ),
    Case(
        "r6b",
        "no header, a value missing in the first row",
        lines("Goetheplatz 3;", "Am Dom 1;12", "Kästrich 7;15"),
        Read(header=HeaderKind.NONE, rows=3, first=("Goetheplatz 3", None)),
        quirks="23, 25",
    ),
    Case(
        "r6c",
        "names that are signs elsewhere (`x`, `y`)",
        lines("Id;x;y;Höhe", "1;447123.456;5539123.12;89.5", "2;447200.1;5539000.99;90.25"),
        Read(names=("Id", "x", "y", "Höhe"), rows=2, types=("integer", "decimal", "decimal", "decimal")),
    ),
    Case(
        "r7",
        "one column",
        lines("Stadtteil", "Altstadt", "Neustadt", "Drais"),
        Read(delimiter="", rows=3, findings=("one_column",)),
    ),
    Case(
        "r8",
        "one column of decimal commas",
        lines("Wert", "1,5", "2,75", "3"),
        Read(delimiter="", rows=3, types=("decimal",), first=(D("1.5"),)),
    ),
    # --- values
    Case(
        "v1",
        "German dates, time of day, percent, negative numbers, nbsp as thousands",
        lines(
            "Stichtag;Zeit;Quote;Saldo;Summe Euro",
            "31.12.2025;31.12.2025 08:30;12,5 %;-1.234,50;1\u00a0234\u00a0567",
            "01.01.2026;01.01.2026 17:05;7 %;1.000,00;987",
        ),
        Read(
            types=("date", "datetime", "decimal", "decimal", "integer"),
            rows=2,
            first=(dt.date(2025, 12, 31), dt.datetime(2025, 12, 31, 8, 30), D("12.5"), D("-1234.50"), 1234567),
        ),
        quirks="11, 24",
    ),
    Case(
        "v2",
        "decimal point and comma thousands",
        lines("Name;Amount;Rate", 'A;"1,234,567.50";0.5', 'B;"12,000.00";1.25'),
        Read(types=("text", "decimal", "decimal"), first=("A", D("1234567.50"), D("0.5")), rows=2),
    ),
    Case(
        "v3",
        "open classes",
        lines("Alter in Jahren;Anzahl", *(f"{n};{n * 3 + 100}" for n in range(60, 85)), "85 u.älter;25425"),
        Read(types=("text", "integer"), rows=26, findings=("open_class",)),
        quirks="27",
    ),
    Case(
        "v4",
        "a word of the office's own for what is not given",
        lines("Ort;Wert", *(f"Bezirk {n};{n}" for n in range(9)), "Drais;geheim!", "Finthen;geheim!"),
        Read(types=("text", "integer"), rows=11, last=("Finthen", Suppressed("geheim!")), findings=("learned_marker",)),
        quirks="25",
    ),
    Case(
        "v5",
        "a single broken value",
        lines("Ort;Wert", *(f"Bezirk {n};{n}" for n in range(30)), "Drais;1O3;", "Finthen;4"),
        Read(types=("text", "integer"), rows=32, findings=("value_unfit",)),
    ),
    Case(
        "v6",
        "yes and no",
        lines("Schule;Barrierefrei", "Goethe;ja", "Schiller;nein"),
        Read(types=("text", "boolean"), first=("Goethe", True), rows=2),
    ),
    Case(
        "v7",
        "a date that does not exist stays text",
        lines("Tag;Wert", *(f"{n:02}.01.2025;1" for n in range(1, 31)), "30.02.2025;2"),
        Read(types=("date", "integer"), rows=31, last=("30.02.2025", 2), findings=("value_unfit",)),
    ),
    # --- workbooks
    Case(
        "x1",
        "XLSX: cover sheet, title rows, merged header, percent, dates, codes by number format, a hidden sheet",
        books.xlsx(),
        Read(
            preamble=2,
            header_lines=(4, 5),
            rows=3,
            footnotes=1,
            names=("Nr", "Stadtteil", "2024 / Anzahl", "2024 / Anteil", "Stand"),
            types=("text", "text", "integer", "decimal", "date"),
            first=("011", "Altstadt", 17723, D("12.5"), dt.date(2025, 12, 31)),
            findings=("more_sheets", "hidden_sheet"),
        ),
        suffix=".xlsx",
    ),
    Case(
        "x2",
        "ODS: the same",
        books.ods(),
        Read(
            preamble=2,
            header_lines=(4, 5),
            rows=3,
            footnotes=1,
            names=("Nr", "Stadtteil", "2024 / Anzahl", "2024 / Anteil", "Stand"),
            types=("text", "text", "integer", "decimal", "date"),
            first=("011", "Altstadt", 17723, D("12.5"), dt.date(2025, 12, 31)),
            findings=("more_sheets",),
        ),
        suffix=".ods",
    ),
    Case("x3", "XLSX named .csv", books.xlsx(), Read(preamble=2, header_lines=(4, 5), rows=3, footnotes=1)),
    Case(
        "x4", "CSV named .xlsx", lines("Jahr;Wert", "2024;1,5", "2025;2,5"), Read(delimiter=";", rows=2), suffix=".xlsx"
    ),
    Case(
        "x5",
        "XLSX with a stray cell in the last corner",
        books.sparse(),
        Read(names=("Jahr", "Wert"), rows=3, findings=("row_long",)),
        suffix=".xlsx",
    ),
    Case(
        "x6",
        "XLSX with formulas without stored results",
        books.formulas(),
        Read(rows=2, findings=("formula_uncached",)),
        suffix=".xlsx",
    ),
    Case(
        "x7",
        "XLSX with numbers stored as German text",
        books.text_numbers(),
        Read(rows=2, types=("text", "decimal"), first=("Altstadt", D("1234.5"))),
        suffix=".xlsx",
    ),
    # --- refused
    Case(
        "n1",
        "login page of a portal",
        b"<!DOCTYPE html><html><body><form><input type='password'></form></body></html>",
        Refused("login_page"),
    ),
    Case(
        "n2",
        "web page",
        b"\n<html><head><title>Fehler 504</title></head><table><tr><td>1</td></tr></table></html>",
        Refused("html"),
    ),
    Case("n3", "JSON", json.dumps({"data": [{"a": 1}]}).encode(), Refused("json"), suffix=".json"),
    Case("n4", "XML", b"<?xml version='1.0'?><daten><zeile/></daten>", Refused("xml")),
    Case("n5", "PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", Refused("pdf")),
    Case("n6", "image", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Refused("image")),
    Case(
        "n7",
        "ZIP without a workbook (a shapefile)",
        _zip(**{"stadtteile.shp": b"\x00\x00\x27\x0a"}),
        Refused("zip_no_workbook"),
        suffix=".zip",
    ),
    Case(
        "n8",
        "text document (DOCX) named .xlsx",
        _zip(**{"word/document.xml": b"<w:document/>"}),
        Refused("zip_no_workbook"),
        suffix=".xlsx",
    ),
    Case(
        "n9",
        "fixed width without delimiter (Basisdatei)",
        lines(
            "01 2024 0017723 Altstadt            ",
            "02 2024 0028011 Neustadt            ",
            "11 2024 0003100 Drais               ",
            "12 2024 0014000 Finthen             ",
        ),
        Refused("fixed_width"),
        suffix=".txt",
    ),
    Case("n10", "binary", bytes(range(256)) * 8, Refused("binary"), suffix=".dat"),
    Case(
        "n11",
        "prose",
        lines(
            "Diese Datei enthält nur einen Hinweis für die Nutzerinnen und Nutzer.",
            "Bitte wenden Sie sich an die Statistikstelle der Stadt.",
            "Dort erhalten Sie die Tabelle auf Anfrage.",
        ),
        Refused("no_table"),
        suffix=".txt",
    ),
    Case("n12", "XLSX behind a password", books.encrypted(), Refused("encrypted"), suffix=".xlsx"),
    Case("n13", "damaged XLSX", books.xlsx()[:2000], Refused("broken_workbook"), suffix=".xlsx"),
    Case("n14", "XLSX that unpacks to more than 1 GB", books.bomb(), Refused("workbook_too_large"), suffix=".xlsx"),
    Case("n15", "XLSX with a DOCTYPE (entities)", books.doctype(), Refused("broken_workbook"), suffix=".xlsx"),
    Case("n16", "compressed CSV", b"\x1f\x8b\x08\x00" + bytes(40), Refused("archive"), suffix=".csv.gz"),
    Case("n17", "XLSX with an empty sheet only", books.empty(), Refused("empty_sheet"), suffix=".xlsx"),
)


def table() -> str:
    """The table of the documentation."""
    head = ["| | dialect | quirks | result |", "| --- | --- | --- | --- |"]
    return "\n".join([*head, *(_line(case) for case in CASES)]) + "\n"


def _line(case: Case) -> str:
    if isinstance(case.expected, Refused):
        result = f"refused: `{case.expected.code}`"
    else:
        told = ", ".join(f"`{code}`" for code in case.expected.findings)
        result = f"read right; tells {told}" if told else "read right"
    what = case.what.replace("|", "\\|")
    return f"| {case.name} | {what} | {case.quirks} | {result} |"


if __name__ == "__main__":
    print(table(), end="")
