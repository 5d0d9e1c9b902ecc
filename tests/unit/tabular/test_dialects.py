"""Each dialect is read right, or refused with its reason; and the documentation says the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.tabular.dialects import CASES, Case, Read, Refused, table

from ckanext.mainz.tabular import NotATable, Table, read

DOCUMENT = Path(__file__).parents[3] / "docs" / "developers" / "tabular.md"
READ = [case for case in CASES if isinstance(case.expected, Read)]
REFUSED = [case for case in CASES if isinstance(case.expected, Refused)]


def _file(case: Case, folder: Path) -> Path:
    path = folder / f"{case.name}{case.suffix}"
    path.write_bytes(case.content)
    return path


def _differences(table: Table, expected: Read) -> dict[str, tuple[object, object]]:
    """What was read otherwise: (expected, read)."""
    records = list(table.records())
    dialect = table.dialect
    read_as = {
        "encoding": table.encoding.value if table.encoding else None,
        "delimiter": dialect.delimiter.value if dialect else None,
        "quote": dialect.quote.value if dialect else None,
        "line_end": dialect.line_end.value if dialect else None,
        "header": table.header.value.kind,
        "header_lines": table.header.value.lines,
        "names": tuple(column.name for column in table.columns),
        "types": tuple(column.type.value.value for column in table.columns),
        "rows": len(records),
        "first": tuple(records[0]) if records else None,
        "last": tuple(records[-1]) if records else None,
        "preamble": len(table.preamble),
        "footnotes": len(table.footnotes),
    }
    wanted = {name: getattr(expected, name) for name in read_as}
    return {
        name: (value, read_as[name]) for name, value in wanted.items() if value is not None and value != read_as[name]
    }


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_a_dialect_is_read_right(case: Case, tmp_path: Path):
    expected = case.expected
    assert isinstance(expected, Read)
    table = read(_file(case, tmp_path))
    assert _differences(table, expected) == {}
    told = {finding.code for finding in table.findings}
    assert set(expected.findings) <= told


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_is_no_table_is_refused_with_a_reason(case: Case, tmp_path: Path):
    assert isinstance(case.expected, Refused)
    with pytest.raises(NotATable) as refusal:
        read(_file(case, tmp_path))
    assert refusal.value.code == case.expected.code
    assert refusal.value.message.endswith((".", ")."))


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_every_reason_and_finding_is_a_sentence_with_its_data(case: Case, tmp_path: Path):
    table = read(_file(case, tmp_path))
    sentences = [str(column.type.reason) for column in table.columns] + [str(table.header.reason)]
    sentences += [finding.message for finding in table.findings]
    if table.dialect is not None:
        sentences += [
            str(table.dialect.delimiter.reason),
            str(table.dialect.quote.reason),
            str(table.dialect.line_end.reason),
        ]
    assert all(sentence.strip() and "{" not in sentence for sentence in sentences)


def test_the_table_of_the_documentation_is_the_list_of_these_cases():
    assert table() in DOCUMENT.read_text(encoding="utf-8"), f"put this into {DOCUMENT.name}:\n{table()}"
