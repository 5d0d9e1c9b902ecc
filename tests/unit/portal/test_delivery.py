"""How answers leave the portal: small, cached where it is safe, and harmless."""

import gzip

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from ckanext.mainz.portal.delivery import FOREVER, READER_POLICY, wrap

TEXT = "Bäume in Mainz. " * 200


def client(body=TEXT, mimetype="text/html", **headers):
    def app(environ, start_response):
        response = Response(body, mimetype=mimetype)
        response.headers.extend({name.replace("_", "-"): value for name, value in headers.items()})
        return response(environ, start_response)

    return Client(wrap(app))


def test_pages_are_compressed_for_those_who_take_it_and_only_for_them():
    packed = client().get("/", headers={"Accept-Encoding": "br, gzip;q=0.8"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data).decode() == TEXT
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    for header in ("", "br", "gzip;q=0"):
        plain = client().get("/", headers={"Accept-Encoding": header})
        assert (plain.text, "Content-Encoding" in plain.headers) == (TEXT, False)
        assert "Accept-Encoding" in plain.headers["Vary"]


def test_a_page_that_did_not_change_is_not_sent_again():
    first = client().get("/", headers={"Accept-Encoding": "gzip"})
    again = client().get("/", headers={"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"})
    assert (again.status_code, again.data) == (304, b"")
    assert client("anderes").get("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_pages_are_asked_for_again_and_files_with_a_hash_in_their_address_never():
    assert client().get("/dataset/x").headers["Cache-Control"] == "no-cache"
    assert client(Cache_Control="private").get("/").headers["Cache-Control"] == "private, no-cache"
    assert client(mimetype="text/css").get("/mainz/assets/abc/portal.css").headers["Cache-Control"] == FOREVER
    assert client(mimetype="text/css").get("/webassets/base/1_main.css").headers["Cache-Control"] == FOREVER
    assert "max-age=86400" in client(mimetype="image/svg+xml").get("/mainz/logo.svg").headers["Cache-Control"]


def test_a_secret_that_is_shown_once_is_kept_nowhere():
    answer = client(Cache_Control="no-store, private", Set_Cookie="ckan=1").get("/")
    assert answer.headers["Cache-Control"] == "no-store"


def test_an_answer_that_sets_a_cookie_is_kept_by_nobody_else():
    answer = client(Set_Cookie="ckan=1").get("/mainz/assets/abc/portal.css")
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_pages_load_nothing_from_foreign_hosts_and_a_stricter_rule_of_a_view_stays():
    policy = client().get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy
    kept = client(Content_Security_Policy=READER_POLICY).get("/").headers["Content-Security-Policy"]
    assert kept == READER_POLICY


@pytest.mark.parametrize("mimetype", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/plain"])
def test_what_people_uploaded_runs_no_script(mimetype):
    answer = client("<script>alert(1)</script>", mimetype).get("/dataset/x/resource/y/download/x")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_viewer_for_pdf_is_not_switched_off():
    assert (
        "Content-Security-Policy"
        not in client(b"%PDF-", "application/pdf").get("/dataset/x/resource/y/download/x").headers
    )


def test_large_and_binary_answers_pass_as_they_are():
    binary = client(b"\0" * 5000, "application/zip").get("/x", headers={"Accept-Encoding": "gzip"})
    assert (len(binary.data), "ETag" in binary.headers) == (5000, False)
    streamed = client(iter([b"a" * 600, b"b" * 600]), "text/csv").get("/x", headers={"Accept-Encoding": "gzip"})
    assert (len(streamed.data), "Content-Encoding" in streamed.headers) == (1200, False)


def test_head_has_the_headers_and_no_body():
    answer = client().head("/")
    assert (answer.status_code, answer.data) == (200, b"")
    assert "Content-Security-Policy" in answer.headers
