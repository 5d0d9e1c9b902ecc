"""A catalogue as CSW 2.0.2 wants it: reads requests of both methods, and answers with the records of `csw_records`.

A fault (`csw_faults`) is a subclass that overrides the step in which it goes wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from lxml import etree
from tests.kit import misbehaving_server as http
from tests.kit.csw_records import BRIEF, identifier, matches, record
from tests.kit.misbehaving_server import Visit

CSW = "http://www.opengis.net/cat/csw/2.0.2"
OGC = "{http://www.opengis.net/ogc}"
XML = "application/xml; charset=utf-8"
ANSWER = """<?xml version="1.0" encoding="UTF-8"?>
<csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" version="2.0.2">\
<csw:SearchStatus timestamp="2026-01-02T03:04:05Z"/><csw:SearchResults {counts} elementSet="full">{records}\
</csw:SearchResults></csw:GetRecordsResponse>"""
REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows" version="1.2.0"><ows:Exception exceptionCode="{code}" \
locator="{locator}"><ows:ExceptionText>{text}</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"""
CAPABILITIES = """<?xml version="1.0" encoding="UTF-8"?>
<csw:Capabilities xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ows="http://www.opengis.net/ows" \
xmlns:xlink="http://www.w3.org/1999/xlink" version="2.0.2"><ows:ServiceIdentification><ows:Title>Geodatenkatalog Probe\
</ows:Title></ows:ServiceIdentification><ows:OperationsMetadata><ows:Operation name="GetCapabilities"/>\
<ows:Operation name="GetRecords"><ows:DCP><ows:HTTP><ows:Get xlink:href="{address}"/><ows:Post xlink:href="{address}"/>\
</ows:HTTP></ows:DCP><ows:Parameter name="outputSchema"><ows:Value>http://www.opengis.net/cat/csw/2.0.2</ows:Value>\
<ows:Value>http://www.isotc211.org/2005/gmd</ows:Value></ows:Parameter></ows:Operation><ows:Operation \
name="GetRecordById"/><ows:Constraint name="MaxRecordDefault"><ows:Value>100</ows:Value></ows:Constraint>\
</ows:OperationsMetadata></csw:Capabilities>"""


@dataclass(frozen=True)
class Asked:
    """A GetRecords request as it arrived. `filters` are pairs of a property's name and a word, `operators` how."""

    method: str
    request: str
    start: int
    size: int
    hits: bool = False
    brief: bool = False
    type_name: str = ""
    sort: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    operators: tuple[str, ...] = ()


def understood(request: http.Request) -> Asked:
    """The request of either method."""
    if request.method == "POST":
        return _posted(etree.fromstring(request.body))
    given = {name.lower(): value for name, value in parse_qsl(urlsplit(request.target).query)}
    constraint = etree.fromstring(given["constraint"]) if "constraint" in given else None
    return Asked(
        "GET",
        given.get("request", ""),
        int(given.get("startposition", 1)),
        int(given.get("maxrecords", 10)),
        given.get("resulttype") == "hits",
        given.get("elementsetname") == "brief",
        given.get("typenames", ""),
        given.get("sortby", "").removesuffix(":A"),
        *_conditions(constraint),
    )


def _posted(root: Any) -> Asked:
    query = root.find(f"{{{CSW}}}Query")
    return Asked(
        "POST",
        etree.QName(root).localname,
        int(root.get("startPosition", "1")),
        int(root.get("maxRecords", "10")),
        root.get("resultType") == "hits",
        query.findtext(f"{{{CSW}}}ElementSetName") == "brief",
        query.get("typeNames"),
        query.findtext(f"{OGC}SortBy/{OGC}SortProperty/{OGC}PropertyName") or "",
        *_conditions(query.find(f"{{{CSW}}}Constraint/{OGC}Filter")),
    )


def _conditions(constraint: Any) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    if constraint is None:
        return (), ()
    comparisons = [name.getparent() for name in constraint.iter(f"{OGC}PropertyName")]
    pairs = [(one.findtext(f"{OGC}PropertyName"), one.findtext(f"{OGC}Literal") or "") for one in comparisons]
    return tuple(pairs), tuple(etree.QName(one).localname for one in comparisons)


@dataclass
class Settings:
    """What a catalogue is told: how many records, at which address, which of them are special."""

    address: str
    moved: str
    records: int = 120
    page: int = 50
    special: dict[int, bytes] = field(default_factory=dict)

    @property
    def middle(self) -> int:
        """Number of the record that faults of a single record are about."""
        return self.records * 2 // 3


class Honest:
    """A catalogue as it should be. A fault overrides the step in which it goes wrong."""

    cap = 0

    def __init__(self, server: Settings) -> None:
        self.server = server
        self.pages = 0

    def behave(self, visit: Visit) -> None:
        asked = understood(visit.request)
        if asked.request == "GetCapabilities":
            return self.send(visit, CAPABILITIES.format(address=self.advertised()).encode())
        self.pages += asked.size > 1
        if reason := self.refusal(asked):
            code, locator, text = reason
            return self.send(visit, REPORT.format(code=code, locator=locator, text=text).encode())
        return self.send(visit, self.document(asked))

    def advertised(self) -> str:
        return self.server.address

    def refusal(self, asked: Asked) -> tuple[str, str, str] | None:
        if asked.sort and asked.sort.partition(":")[0] != "apiso":
            return "NoApplicableCode", "sortby", f"Unknown property {asked.sort}"
        for name, _word in asked.filters:
            if not self.knows(name):
                return "InvalidParameterValue", "constraint", f"Invalid PropertyName: {name}"
        return None

    def knows(self, name: str) -> bool:
        return name.startswith("apiso:")

    def matching(self, asked: Asked) -> Sequence[int]:
        """Records with one of the words for every property."""
        found: Sequence[int] = range(self.server.records)
        for name in dict(asked.filters):
            words = [word for other, word in asked.filters if other == name]
            found = [number for number in found if any(matches(number, name, word) for word in words)]
        return found

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        size = min(asked.size, self.cap) if self.cap else asked.size
        return numbers[asked.start - 1 : asked.start - 1 + size]

    def matched(self, asked: Asked, total: int) -> object:
        return total

    def next_record(self, asked: Asked, returned: int, total: int) -> object:
        after = asked.start + returned
        return after if after <= total else 0

    def counts(self, asked: Asked, returned: int, total: int) -> dict[str, object]:
        return {
            "numberOfRecordsMatched": self.matched(asked, total),
            "numberOfRecordsReturned": returned,
            "nextRecord": self.next_record(asked, returned, total),
        }

    def document(self, asked: Asked) -> bytes:
        numbers = self.matching(asked)
        chosen = [] if asked.hits else self.window(asked, numbers)
        counts = self.counts(asked, len(chosen), len(numbers))
        head, tail = ANSWER.format(counts=_attributes(counts), records="|").encode().split(b"|")
        make = (lambda number: BRIEF.format(self.name(number)).encode()) if asked.brief else self.record
        return head + b"".join(map(make, chosen)) + tail

    def name(self, number: int) -> str:
        return identifier(number)

    def record(self, number: int) -> bytes:
        return self.server.special.get(number) or record(number, name=self.name(number))

    def send(self, visit: Visit, body: bytes) -> None:
        http.answer(body, content_type=XML)(visit)


def _attributes(counts: dict[str, object]) -> str:
    return " ".join(f'{name}="{value}"' for name, value in counts.items() if value is not None)
