"""What catalogues do wrong, by name: `FAULTS`. Each has been seen in a real one or is within reach of one."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from tests.kit import misbehaving_server as http
from tests.kit.csw_catalogue import REPORT, XML, Asked, Honest, understood
from tests.kit.csw_records import BRIEF, identifier
from tests.kit.misbehaving_server import Visit

BILLION_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]>
<csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2">&lol2;</csw:GetRecordsResponse>"""

FAULTS: dict[str, type[Honest]] = {"honest": Honest}


def fault(kind: type[Honest]) -> type[Honest]:
    """Enters a fault under its name in small letters."""
    FAULTS[re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()] = kind
    return kind


class OnPage(Honest):
    """Does wrong on the page that holds the record in the middle of the catalogue, every time."""

    def behave(self, visit: Visit) -> None:
        asked = understood(visit.request)
        numbers = [] if asked.request == "GetCapabilities" or asked.brief else self.window(asked, self.matching(asked))
        self.hit = self.server.middle in numbers
        super().behave(visit)

    def send(self, visit: Visit, body: bytes) -> None:
        if self.hit:
            self.spoil(visit, body)
        else:
            super().send(visit, body)

    def spoil(self, visit: Visit, body: bytes) -> None:
        raise NotImplementedError


# pages


@fault
class CappedPage(Honest):
    """Gives fewer than asked for."""

    cap = 7


@fault
class EmptyPage(Honest):
    """A page in the middle is always empty, whatever its size."""

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        return [] if asked.start == self.server.page + 1 else super().window(asked, numbers)


@fault
class EmptyPageOnce(Honest):
    """The second page is empty when it is asked for the first time."""

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        return [] if self.pages == 2 else super().window(asked, numbers)


@fault
class EmptyFromThirdPage(Honest):
    """MrMap: two queries, each cut and put together; from the third page on there is nothing, and the last is lost."""

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        return [] if asked.start > 2 * asked.size else super().window(asked, numbers[:-1])


@fault
class OverlappingPage(Honest):
    """Every page but the first begins with the last record of the page before, and the last record never comes."""

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        start = asked.start - 1 if asked.start > 1 else asked.start
        size = min(asked.size, len(numbers) - asked.start + 1)
        return numbers[start - 1 : start - 1 + size] if size > 0 else []


@fault
class EndlessPage(Honest):
    """Gives the first page again and again."""

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        return numbers[: asked.size]


@fault
class EverythingAtOnce(Honest):
    """Knows neither startPosition nor maxRecords."""

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        return numbers


@fault
class GrowingCatalogue(Honest):
    """Never ends: there are always records that had not come before."""

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        return range(asked.start - 1, asked.start - 1 + asked.size)


@fault
class LastPageAgain(Honest):
    """Behind the end it gives the last page once more."""

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        return super().window(asked, numbers) or numbers[-asked.size :]


@fault
class UnstableOrder(Honest):
    """Without a sorting that it knows, every request has an order of its own; it knows none."""

    def refusal(self, asked: Asked) -> tuple[str, str, str] | None:
        return ("NoApplicableCode", "sortby", "Sorting is not supported") if asked.sort else None

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        shuffled = random.Random(self.pages).sample(numbers, len(numbers))
        return super().window(asked, shuffled)


@fault
class UnstableOrderOnce(UnstableOrder):
    """As above, but in the second pass the order holds."""

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        if asked.start == 1 and self.pages > 1:
            self.settled = True
        return Honest.window(self, asked, numbers) if hasattr(self, "settled") else super().window(asked, numbers)


@fault
class SameIdentifierTwice(Honest):
    """Two records have one identifier, with different content."""

    def name(self, number: int) -> str:
        return identifier(3 if number == self.server.middle else number)


@fault
class SameRecordTwice(Honest):
    """A record stands in the catalogue twice, just so, and sorted beside itself."""

    def name(self, number: int) -> str:
        return identifier(number - (number == self.server.middle))

    def record(self, number: int) -> bytes:
        return super().record(number - (number == self.server.middle))


@fault
class HiddenRecord(Honest):
    """A record is counted and not given: the reader may not see it, or it could not be written."""

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        return [number for number in super().window(asked, numbers) if number != self.server.middle]


@fault
class NoIdentifier(Honest):
    """One record has no fileIdentifier."""

    def record(self, number: int) -> bytes:
        made = super().record(number)
        return re.sub(rb"<gmd:fileIdentifier>.*?</gmd:fileIdentifier>", b"", made) if number == 3 else made


@fault
class ForeignRecord(Honest):
    """One record is no MD_Metadata."""

    def record(self, number: int) -> bytes:
        return BRIEF.format(self.name(number)).encode() if number == self.server.middle else super().record(number)


@fault
class OnlyDublinCore(Honest):
    """Gives csw:Record whatever is asked for."""

    def record(self, number: int) -> bytes:
        return BRIEF.format(self.name(number)).encode()


@fault
class WrappedRecord(Honest):
    """Records come in an envelope."""

    def record(self, number: int) -> bytes:
        return b"<csw:GetRecordByIdResponse>" + super().record(number) + b"</csw:GetRecordByIdResponse>"


# counts


@fault
class NextRecordZero(Honest):
    def next_record(self, asked: Asked, returned: int, total: int) -> object:
        return 0


@fault
class NextRecordMissing(Honest):
    def next_record(self, asked: Asked, returned: int, total: int) -> object:
        return None


@fault
class NextRecordOne(Honest):
    """pycsw at the end: to follow it means to begin again."""

    def next_record(self, asked: Asked, returned: int, total: int) -> object:
        return super().next_record(asked, returned, total) or 1


@fault
class NextRecordFar(Honest):
    def next_record(self, asked: Asked, returned: int, total: int) -> object:
        return 199


@fault
class NextRecordOffByOne(Honest):
    def next_record(self, asked: Asked, returned: int, total: int) -> object:
        return asked.start + returned + 1


@fault
class ReturnedWrong(Honest):
    """Counts what was asked for as returned; says 50 for hits too, where nothing is returned."""

    cap = 7

    def counts(self, asked: Asked, returned: int, total: int) -> dict[str, object]:
        return super().counts(asked, returned, total) | {"numberOfRecordsReturned": 50 if asked.hits else asked.size}


@fault
class MatchedTooHigh(Honest):
    def matched(self, asked: Asked, total: int) -> object:
        return total + 5


@fault
class MatchedTooLow(Honest):
    def matched(self, asked: Asked, total: int) -> object:
        return total - 5


@fault
class MatchedIsPage(Honest):
    """Says as matched what the page holds."""

    def counts(self, asked: Asked, returned: int, total: int) -> dict[str, object]:
        return super().counts(asked, returned, total) | {"numberOfRecordsMatched": returned}


@fault
class MatchedZero(Honest):
    def matched(self, asked: Asked, total: int) -> object:
        return 0


@fault
class MatchedMissing(Honest):
    def matched(self, asked: Asked, total: int) -> object:
        return None


@fault
class MatchedNonsense(Honest):
    def matched(self, asked: Asked, total: int) -> object:
        return "viele"


@fault
class ChangesOnce(Honest):
    """While the first pass is under way, three records are added at the end."""

    def matching(self, asked: Asked) -> Sequence[int]:
        return range(self.server.records + (3 if self.pages > 1 else 0))


@fault
class ChangesAlways(Honest):
    """A record is added with every page."""

    def matching(self, asked: Asked) -> Sequence[int]:
        return range(self.server.records + self.pages)


@fault
class NothingThere(Honest):
    def matching(self, asked: Asked) -> Sequence[int]:
        return []


@fault
class NothingThoughMatched(Honest):
    """GeoNetwork 4.4.10: matched is above 0, the page is empty."""

    def window(self, asked: Asked, numbers: Sequence[int]) -> Sequence[int]:
        return []


# refusals


@fault
class RefusesBehindEnd(Honest):
    """GeoNetwork: a position behind the end is an exception."""

    def refusal(self, asked: Asked) -> tuple[str, str, str] | None:
        if asked.start > self.server.records:
            return "InvalidParameterValue", "startPosition", "Start position can't be greater than matching records"
        return super().refusal(asked)


@fault
class ResultWindow(Honest):
    """A catalogue on a search engine that counts only up to a limit, and fails behind it."""

    def matched(self, asked: Asked, total: int) -> object:
        return min(total, 100)

    def refusal(self, asked: Asked) -> tuple[str, str, str] | None:
        return ("NoApplicableCode", "", "Result window is too large") if asked.start > 100 else super().refusal(asked)


@fault
class RefusesSort(Honest):
    def refusal(self, asked: Asked) -> tuple[str, str, str] | None:
        return ("NoApplicableCode", "sortby", "Sorting is not supported") if asked.sort else super().refusal(asked)


@fault
class RefusesFilter(Honest):
    def knows(self, name: str) -> bool:
        return False


@fault
class PlainNames(Honest):
    """Knows properties without a prefix only."""

    def knows(self, name: str) -> bool:
        return ":" not in name


@fault
class DublinCoreNames(Honest):
    def knows(self, name: str) -> bool:
        return name.startswith(("dc:", "ows:"))


@fault
class FilterFindsNothing(Honest):
    def matching(self, asked: Asked) -> Sequence[int]:
        return [] if asked.filters else super().matching(asked)


@fault
class LikeFindsNothing(Honest):
    def matching(self, asked: Asked) -> Sequence[int]:
        return [] if "PropertyIsLike" in asked.operators else super().matching(asked)


@fault
class OnlyCswRecord(Honest):
    """Knows the type name csw:Record only."""

    def refusal(self, asked: Asked) -> tuple[str, str, str] | None:
        return None if asked.type_name == "csw:Record" else ("InvalidParameterValue", "typenames", "Unknown type")


@fault
class OnlyGet(Honest):
    def behave(self, visit: Visit) -> None:
        http.status(405)(visit) if visit.request.method == "POST" else super().behave(visit)


@fault
class RefusesEverything(Honest):
    def refusal(self, asked: Asked) -> tuple[str, str, str] | None:
        return "NoApplicableCode", "", "Der Katalog wird gewartet. " * 100


@fault
class RefusesPage(Honest):
    """The second half is refused, with the status 200, whatever the size."""

    def refusal(self, asked: Asked) -> tuple[str, str, str] | None:
        if asked.start > self.server.middle:
            return "NoApplicableCode", "", "java.lang.NullPointerException"
        return super().refusal(asked)


@fault
class RefusesBadRecord(OnPage):
    """A record that the catalogue itself cannot write: every page with it is an exception, with the status 200."""

    def spoil(self, visit: Visit, body: bytes) -> None:
        report = REPORT.format(code="NoApplicableCode", locator="", text="Cannot serialise a record")
        http.answer(report.encode(), content_type=XML)(visit)


@fault
class RefusesWithStatus(RefusesEverything):
    """The exception report comes with the status 400."""

    def send(self, visit: Visit, body: bytes) -> None:
        http.answer(body, status=400, content_type=XML)(visit)


# documents


@fault
class TruncatedXml(OnPage):
    """The page with one record always ends in the middle, and HTTP says that this is all."""

    def spoil(self, visit: Visit, body: bytes) -> None:
        http.answer(body[: len(body) - 100], content_type=XML)(visit)


@fault
class TruncatedBody(OnPage):
    """The connection breaks off while one record is sent."""

    def spoil(self, visit: Visit, body: bytes) -> None:
        http.truncated(body)(visit)


@fault
class LatinOne(Honest):
    """Records from elsewhere come in Latin-1 within a document that says UTF-8."""

    def record(self, number: int) -> bytes:
        made = super().record(number)
        return made.decode().encode("latin-1") if number % 10 == 3 else made


@fault
class CutUmlaut(Honest):
    """A text was cut within a character: nobody knows what it was."""

    def record(self, number: int) -> bytes:
        made = super().record(number)
        return made.replace("ß".encode(), b"\xc3", 1) if number == self.server.middle else made


@fault
class ControlCharacters(Honest):
    def record(self, number: int) -> bytes:
        made = super().record(number)
        return made.replace(b"Lage", b"\x0bLa\x02ge&#x1F;") if number % 10 == 3 else made


@fault
class UndeclaredPrefix(Honest):
    """One record uses a prefix that nobody declares."""

    def record(self, number: int) -> bytes:
        made = super().record(number)
        return made.replace(b"<gmd:abstract>", b"<gmd:abstract><x:y/>") if number == self.server.middle else made


@fault
class Utf16(Honest):
    def send(self, visit: Visit, body: bytes) -> None:
        super().send(visit, body.decode().replace("UTF-8", "UTF-16").encode("utf-16"))


@fault
class ByteOrderMark(Honest):
    def send(self, visit: Visit, body: bytes) -> None:
        super().send(visit, b"\xef\xbb\xbf" + body)


@fault
class BillionLaughs(Honest):
    def send(self, visit: Visit, body: bytes) -> None:
        super().send(visit, BILLION_LAUGHS)


@fault
class LaughingRecord(OnPage):
    """As above, on the pages with one record only."""

    def spoil(self, visit: Visit, body: bytes) -> None:
        http.answer(BILLION_LAUGHS, content_type=XML)(visit)


@fault
class OddContentType(Honest):
    """MrMap."""

    def send(self, visit: Visit, body: bytes) -> None:
        http.answer(body, content_type="application/xhtml+xml")(visit)


@fault
class AnotherService(Honest):
    def send(self, visit: Visit, body: bytes) -> None:
        super().send(visit, b'<WMS_Capabilities xmlns="http://www.opengis.net/wms" version="1.3.0"/>')


@fault
class NotXml(Honest):
    def send(self, visit: Visit, body: bytes) -> None:
        http.answer(b"OK", content_type="text/plain")(visit)


# the way here


@fault
class HtmlPage(Honest):
    def send(self, visit: Visit, body: bytes) -> None:
        http.login_page()(visit)


@fault
class HtmlLater(Honest):
    """Maintenance begins after the first page."""

    def send(self, visit: Visit, body: bytes) -> None:
        (http.login_page() if self.pages > 1 else http.answer(body))(visit)


@fault
class ServerErrorOnce(Honest):
    """The second page fails once, and then works."""

    failed = False

    def send(self, visit: Visit, body: bytes) -> None:
        if self.pages == 2 and not self.failed:
            self.failed = True
            http.status(500)(visit)
        else:
            super().send(visit, body)


@fault
class ServerErrorForRecord(OnPage):
    """Every page with one record is a 500."""

    def spoil(self, visit: Visit, body: bytes) -> None:
        http.status(500)(visit)


@fault
class ServerErrorLater(Honest):
    """After the first page nothing works any more."""

    def send(self, visit: Visit, body: bytes) -> None:
        (http.status(500) if self.pages > 1 else http.answer(body))(visit)


@fault
class ServerError(Honest):
    def send(self, visit: Visit, body: bytes) -> None:
        http.status(500)(visit)


@fault
class Unavailable(Honest):
    def send(self, visit: Visit, body: bytes) -> None:
        (http.status(503) if self.pages > 1 else http.answer(body))(visit)


@fault
class SlowDrip(Honest):
    """From the second page on, a byte now and then."""

    def send(self, visit: Visit, body: bytes) -> None:
        (http.drip(body) if self.pages > 1 else http.answer(body))(visit)


@fault
class Reset(Honest):
    """From the second page on, the connection is reset."""

    def send(self, visit: Visit, body: bytes) -> None:
        (http.reset if self.pages > 1 else http.answer(body))(visit)


@fault
class GzipBomb(Honest):
    """From the second page on, some thousand bytes that become many megabytes."""

    def send(self, visit: Visit, body: bytes) -> None:
        (http.bomb(20) if self.pages > 1 else http.answer(body))(visit)


@fault
class RedirectToPrivate(Honest):
    """From the second page on, a redirect into somebody's own network."""

    def send(self, visit: Visit, body: bytes) -> None:
        (http.redirect("http://10.0.0.7:8080/csw") if self.pages > 1 else http.answer(body))(visit)


@fault
class Redirected(Honest):
    """The catalogue has moved to another path, with the redirect that makes GET of POST."""

    def behave(self, visit: Visit) -> None:
        if visit.request.path == urlsplit(self.server.moved).path:
            super().behave(visit)
        else:
            http.redirect(self.server.moved, code=301)(visit)


@fault
class AdvertisesOtherHost(Honest):
    def advertised(self) -> str:
        return "http://intern.example.test/csw"
