"""What arrives: within limits of size and time, complete, decompressed, or not at all."""

from __future__ import annotations

import contextlib
import gzip
import io
import resource
import time
import zlib
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kit import misbehaving_server as faults
from tests.kit.misbehaving_server import AUTHORITY, LOGIN_PAGE, MisbehavingServer, answer, chunked, compressed
from tests.kit.outgoing import MakeSession, Names

from ckanext.mainz.foundation.http import (
    Answer,
    BadResponse,
    CertificateRefused,
    Session,
    TooLarge,
    TooSlow,
    Truncated,
    Unreachable,
    Validators,
)
from ckanext.mainz.foundation.http.decoding import BLOCK, IncompleteStream, decoded

TEXT = b"Ortsbezirk;Einwohner\r\nAltstadt;17000\r\n" * 5_000


def test_an_answer_arrives_with_status_headers_and_body(server: MisbehavingServer, session: Session) -> None:
    url = server.at("/", answer(TEXT, content_type="text/csv; charset=ISO-8859-1", headers={"X-Note": "1"}))
    response = session.get(url)
    assert (response.status, response.body, response.url) == (200, TEXT, url)
    assert (response.content_type, response.charset, response.headers["x-NOTE"]) == ("text/csv", "iso-8859-1", "1")


def test_an_answer_without_content_type_arrives(server: MisbehavingServer, session: Session) -> None:
    response = session.get(server.at("/", answer(TEXT)))
    assert (response.content_type, response.charset) == ("", "")


@given(st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=60))
def test_any_content_type_is_read(value: str) -> None:
    answer = Answer("http://x/", 200, {"Content-Type": f"text/csv; charset={value}"})
    assert answer.content_type == "text/csv"
    assert isinstance(answer.charset, str)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw-deflate"])
def test_compressed_answers_are_unpacked(server: MisbehavingServer, session: Session, encoding: str) -> None:
    assert session.get(server.at("/", compressed(TEXT, encoding=encoding))).body == TEXT


def test_an_empty_answer_that_is_called_compressed_is_empty(server: MisbehavingServer, session: Session) -> None:
    assert session.get(server.at("/", answer(b"", headers={"Content-Encoding": "gzip"}))).body == b""


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw-deflate"])
def test_a_compressed_stream_that_is_cut_is_noticed(server: MisbehavingServer, session: Session, encoding: str) -> None:
    with pytest.raises(Truncated):
        session.get(server.at("/", compressed(TEXT, encoding=encoding, cut=20)))


@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, gzip"])
def test_compression_that_cannot_be_undone_is_named(server: MisbehavingServer, session: Session, encoding: str) -> None:
    with pytest.raises(BadResponse) as caught:
        session.get(server.at("/", answer(b"plain text", headers={"Content-Encoding": encoding})))
    assert f"({encoding})" in str(caught.value)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_bomb_is_refused_in_little_memory(server: MisbehavingServer, session: Session, encoding: str) -> None:
    url = server.at("/", faults.bomb(500, encoding=encoding))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(TooLarge):
        session.get(url)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # kilobytes


def test_an_answer_that_announces_too_much_is_not_read(server: MisbehavingServer, make_session: MakeSession) -> None:
    with pytest.raises(TooLarge) as caught:
        make_session(max_bytes=1000).get(server.at("/", answer(TEXT)))
    assert "1000 bytes" in str(caught.value)


def test_an_endless_answer_is_cut_off(server: MisbehavingServer, session: Session) -> None:
    with pytest.raises(TooLarge):
        session.get(server.at("/", faults.endless_body))


def test_an_answer_of_just_the_permitted_size_arrives(server: MisbehavingServer, make_session: MakeSession) -> None:
    url = server.at("/", chunked([TEXT]))
    assert make_session(max_bytes=len(TEXT)).get(url).body == TEXT
    with pytest.raises(TooLarge):
        make_session(max_bytes=len(TEXT) - 1).get(url)


@pytest.mark.parametrize(
    "fault",
    [
        faults.truncated(TEXT),
        chunked([TEXT, TEXT], complete=False),
        faults.reset_in_body(TEXT),
        faults.truncated(b"", missing=1),
    ],
    ids=["shorter than announced", "last chunk missing", "reset", "nothing at all"],
)
def test_an_incomplete_answer_is_no_answer(
    server: MisbehavingServer, session: Session, fault: faults.Behaviour
) -> None:
    with pytest.raises(Truncated) as caught:
        session.get(server.at("/", fault))
    assert caught.value.temporary


def test_bytes_beyond_the_announced_length_are_left_out(server: MisbehavingServer, session: Session) -> None:
    assert session.get(server.at("/", faults.overlong(b"body"))).body == b"body"


@pytest.mark.parametrize(
    "fault", [faults.endless_chunk_line, faults.endless_headers, faults.no_http], ids=lambda fault: fault.__name__
)
def test_what_is_not_http_is_named(server: MisbehavingServer, session: Session, fault: faults.Behaviour) -> None:
    with pytest.raises(BadResponse):
        session.get(server.at("/", fault))


@pytest.mark.parametrize(
    ("fault", "at_least", "limit"),
    [
        (faults.hang, 0.4, "0.4 seconds"),
        (faults.hang_in_body(TEXT), 0.4, "0.4 seconds"),
        (faults.drip(TEXT), 1.5, "1.5 seconds"),
        (faults.drip_headers(), 1.5, "1.5 seconds"),
        (chunked(iter(lambda: time.sleep(0.05) or b"x", b"")), 1.5, "1.5 seconds"),
    ],
    ids=["silent", "silent in the body", "byte by byte", "headers byte by byte", "endless small chunks"],
)
def test_a_server_does_not_hold_the_portal_up(
    server: MisbehavingServer, session: Session, fault: faults.Behaviour, at_least: float, limit: str
) -> None:
    url = server.at("/", fault)
    begin = time.monotonic()
    with pytest.raises(TooSlow) as caught:
        session.get(url)
    assert at_least <= time.monotonic() - begin < at_least + 0.7
    assert limit in str(caught.value)


def test_a_slow_first_byte_is_waited_for(server: MisbehavingServer, session: Session) -> None:
    assert session.get(server.at("/", faults.slow_start(answer(b"late"), 0.25))).body == b"late"


def test_a_look_up_that_takes_too_long_is_given_up(make_session: MakeSession) -> None:
    begin = time.monotonic()
    with pytest.raises(TooSlow):
        make_session(resolver=lambda host, port: time.sleep(3), connect_timeout=0.2).get("http://slow.example:8080/")
    assert time.monotonic() - begin < 1


def test_a_refused_connection_is_named(make_session: MakeSession) -> None:
    with MisbehavingServer() as gone:
        url = gone.url("/")
    with pytest.raises(Unreachable) as caught:
        make_session().get(url)
    assert url in str(caught.value)


# --- pages instead of data --------------------------------------------------------------------------------------------


def test_a_login_page_with_status_200_is_no_data(server: MisbehavingServer, session: Session) -> None:
    response = session.get(server.at("/", faults.login_page()))
    assert response.is_html
    assert response.checked() is response
    with pytest.raises(BadResponse) as caught:
        response.checked(html=False)
    assert "login" in str(caught.value)


@pytest.mark.parametrize(
    ("start", "html"),
    [
        (LOGIN_PAGE, True),
        (b"\xef\xbb\xbf \n<HTML lang=de>", True),
        (b'<?xml version="1.0"?>\n<!-- x --><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">', True),
        (b'<?xml version="1.0"?><csw:GetRecordsResponse/>', False),
        (b"<htmlish/>", False),
        (b"Titel;Text <html>", False),
        (b"", False),
    ],
)
def test_a_page_is_recognised_by_its_beginning_whatever_its_type_says(
    server: MisbehavingServer, session: Session, start: bytes, html: bool
) -> None:
    assert session.get(server.at("/", answer(start, content_type="text/turtle"))).is_html is html


@pytest.mark.parametrize("code", [400, 403, 404, 500, 302])
def test_a_status_that_is_no_success_is_named(server: MisbehavingServer, session: Session, code: int) -> None:
    response = session.get(server.at("/", faults.status(code)))
    assert response.status == code
    with pytest.raises(BadResponse) as caught:
        response.checked()
    assert (caught.value.status, str(code) in str(caught.value)) == (code, True)


# --- asking only for what is new --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", [Validators(etag='W/"7"'), Validators(last_modified="Mon, 02 Jun 2025 03:00:00 GMT")], ids=["etag", "date"]
)
def test_what_has_not_changed_is_not_sent_again(server: MisbehavingServer, session: Session, said: Validators) -> None:
    url = server.at("/", faults.with_validators(TEXT, etag=said.etag, last_modified=said.last_modified))
    first = session.get(url)
    assert first.validators == said
    again = session.get(url, unless=first.validators)
    assert (again.not_modified, again.body, again.checked(html=False)) == (True, b"", again)


# --- downloads --------------------------------------------------------------------------------------------------------


def test_a_download_is_written_with_its_size_and_digest(
    server: MisbehavingServer, session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "table.csv"
    done = session.download(server.at("/", compressed(TEXT)), path)
    assert path.read_bytes() == TEXT
    assert (done.size, done.sha256) == (len(TEXT), sha256(TEXT).hexdigest())
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "fault",
    [faults.truncated(TEXT), faults.status(404), faults.bomb(4), faults.login_page(), faults.reset_in_body(TEXT)],
    ids=["truncated", "404", "bomb", "login page", "reset"],
)
def test_a_failed_download_leaves_what_was_there(
    server: MisbehavingServer, make_session: MakeSession, tmp_path: Path, fault: faults.Behaviour
) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(b"yesterday")
    url = server.at("/", fault)
    session = make_session(max_download_bytes=1_000_000)
    with pytest.raises((BadResponse, TooLarge)):
        session.download(url, path, html=False)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"yesterday"]

    with io.BytesIO(b"before") as file:
        file.seek(0, io.SEEK_END)
        with pytest.raises((BadResponse, TooLarge)):
            session.download(url, file, html=False)
        assert file.getvalue() == b"before"


def test_a_download_that_breaks_off_is_begun_again(
    server: MisbehavingServer, make_session: MakeSession, waits: list[float]
) -> None:
    url = server.at("/", faults.in_turn(faults.truncated(TEXT[:3000]), answer(TEXT)))
    file = io.BytesIO()
    assert make_session(retries=1).download(url, file).size == len(TEXT)
    assert file.getvalue() == TEXT
    assert len(waits) == 1


def test_an_unchanged_file_is_left_alone(server: MisbehavingServer, session: Session, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    url = server.at("/", faults.with_validators(TEXT, etag='"7"'))
    first = session.download(url, path)
    before = path.stat().st_mtime_ns
    again = session.download(url, path, unless=first.validators)
    assert (again.not_modified, again.size, path.stat().st_mtime_ns) == (True, 0, before)


def test_a_full_disk_is_not_taken_for_a_fault_of_the_server(
    server: MisbehavingServer, make_session: MakeSession
) -> None:
    url = server.at("/", answer(TEXT))
    with open("/dev/full", "wb", buffering=0) as full, pytest.raises(OSError):  # noqa: PTH123
        make_session(retries=2).download(url, _Unseekable(full))
    assert len(server.requests) == 1


class _Unseekable(io.RawIOBase):
    """/dev/full cannot be cut, so only writing goes there."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file

    def tell(self) -> int:
        return 0

    def seek(self, position: int, whence: int = 0) -> int:
        return 0

    def truncate(self, size: int | None = None) -> int:
        return 0

    def write(self, data: bytes) -> int:
        return self._file.write(data)


# --- TLS --------------------------------------------------------------------------------------------------------------


def test_a_certificate_of_the_citys_own_authority_is_accepted_when_it_is_named(make_session: MakeSession) -> None:
    with MisbehavingServer(tls=True) as secure:
        secure.at("/", answer(TEXT))
        session = make_session(ca_bundle=str(AUTHORITY), resolver=Names(["127.0.0.1"]))
        assert session.get(secure.url("/", host="csw.example.test")).body == TEXT
        assert secure.server_names == ["csw.example.test"]
        assert secure.requests[0].headers["host"] == f"csw.example.test:{secure.port}"


def test_an_unknown_certificate_is_refused_without_a_second_try(make_session: MakeSession, waits: list[float]) -> None:
    with MisbehavingServer(tls=True) as secure:
        session = make_session(resolver=Names(["127.0.0.1"]), retries=2)
        with pytest.raises(CertificateRefused) as caught:
            session.get(secure.url("/", host="csw.example.test"))
        assert secure.requests == []
    assert "ckanext.mainz.http.ca_bundle" in str(caught.value)
    assert waits == []


def test_a_certificate_for_another_name_is_refused(make_session: MakeSession) -> None:
    with MisbehavingServer(tls=True) as secure:
        session = make_session(ca_bundle=str(AUTHORITY), resolver=Names(["127.0.0.1"]))
        with pytest.raises(CertificateRefused):
            session.get(secure.url("/", host="duva.example.test"))


@pytest.mark.parametrize(
    ("fault", "at_least"), [(faults.hang_in_body(TEXT), 0.4), (faults.drip(TEXT), 1.5)], ids=["silent", "byte by byte"]
)
def test_the_clock_runs_through_tls_too(make_session: MakeSession, fault: faults.Behaviour, at_least: float) -> None:
    with MisbehavingServer(tls=True) as secure:
        secure.at("/", fault)
        session = make_session(ca_bundle=str(AUTHORITY), resolver=Names(["127.0.0.1"]))
        begin = time.monotonic()
        with pytest.raises(TooSlow):
            session.get(secure.url("/", host="csw.example.test"))
        assert at_least <= time.monotonic() - begin < at_least + 0.7


def test_a_server_that_does_not_speak_tls_is_named(server: MisbehavingServer, session: Session) -> None:
    with pytest.raises((Unreachable, TooSlow)):
        session.get(server.url("/").replace("http:", "https:"))


def test_credentials_do_not_fall_from_https_to_http(server: MisbehavingServer, make_session: MakeSession) -> None:
    server.at("/b", answer())
    with MisbehavingServer(tls=True) as secure:
        secure.at("/a", faults.redirect(server.url("/b", host="csw.example.test")))
        session = make_session(ca_bundle=str(AUTHORITY), resolver=Names(["127.0.0.1"]))
        session.get(secure.url("/a", host="csw.example.test"), headers={"Authorization": "Basic x"})
        assert "authorization" in secure.requests[0].headers
    assert "authorization" not in server.requests[0].headers


# --- decompression by itself ------------------------------------------------------------------------------------------


@given(st.binary(max_size=3000), st.integers(1, 700), st.sampled_from(["gzip", "x-gzip", "deflate", "identity"]))
def test_whatever_is_packed_comes_out_however_it_is_cut(body: bytes, size: int, encoding: str) -> None:
    packed = {"deflate": zlib.compress, "identity": bytes}.get(encoding, gzip.compress)(body)
    blocks = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert b"".join(decoded(blocks, encoding)) == body


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.integers(1, 40), st.sampled_from([b"", b"\0" * 9]))
def test_several_gzip_members_are_one_body(bodies: list[bytes], size: int, padding: bytes) -> None:
    packed = b"".join(gzip.compress(body) for body in bodies) + padding
    blocks = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert b"".join(decoded(blocks, "gzip")) == b"".join(bodies)


@given(st.binary(min_size=1, max_size=500), st.integers(1, 9))
def test_a_cut_stream_never_passes_for_a_whole_one(body: bytes, cut: int) -> None:
    with pytest.raises(IncompleteStream):
        list(decoded([gzip.compress(body)[:-cut]], "gzip"))


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate"]))
def test_any_bytes_either_unpack_or_raise_a_known_error(data: bytes, encoding: str) -> None:
    with contextlib.suppress(IncompleteStream, zlib.error):
        list(decoded([data], encoding))


def test_pieces_stay_small_even_when_one_block_becomes_much() -> None:
    packed = zlib.compress(bytes(30_000_000))
    assert max(len(piece) for piece in decoded([packed], "deflate")) <= BLOCK
