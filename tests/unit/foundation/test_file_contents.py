"""What the first bytes of a file say, against what its name says."""

from __future__ import annotations

import gzip
import io
import zipfile

import openpyxl
import pytest

from ckanext.mainz.foundation.file_contents import SAMPLE, Problem, examine, fitting_format

PROGRAM = b"MZ\x90\x00\x03" + bytes(range(256)) * 8
CSV = "Jahr;Fläche\r\n2025;1.234,5\r\n".encode("cp1252")


def workbook() -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].append(["Jahr", 2025])
    book.save(buffer)
    return buffer.getvalue()[:SAMPLE]


def archive() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as content:
        content.writestr("a.shp", "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (CSV, "a.csv"),
        (b"MZ;Name\r\nMZ-AB 1;Bus\r\n", "kennzeichen.csv"),
        (b"PK;Name\r\n1;x\r\n", "schluessel.csv"),
        ("Jahr;Fläche\r\n".encode("utf-16"), "excel-unicode.csv"),
        (b"name;text\nx;<script>alert(1)</script><html>\n", "zellen-mit-html.csv"),
        (workbook(), "a.xlsx"),
        (archive(), "a.zip"),
        (b"%PDF-1.7\n", "a.pdf"),
        (b"<!doctype html><title>x</title>", "seite.html"),
        (b'<?xml version="1.0"?><gml/>', "a.gml"),
        (b"#!/usr/bin/env python3\nprint(1)\n", "auswertung.py"),
    ],
)
def test_a_file_that_is_what_its_name_says_is_taken(content: bytes, name: str) -> None:
    found = examine(content, name)
    assert found.problem is None
    assert found.extension == name.rpartition(".")[2]


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (PROGRAM, "haushalt.csv", Problem.PROGRAM),
        (b"\x7fELF\x02\x01\x01" + b"\0" * 9 + b"\x02\0\x3e\0" + b"\0" * 200, "daten", Problem.PROGRAM),
        (b"@echo off\r\n", "los.bat", Problem.PROGRAM),
        (CSV, "haushalt.csv.exe", Problem.PROGRAM),
        (b"<!DOCTYPE html>\n<html><body>Bitte anmelden</body></html>", "haushalt.csv", Problem.WEB_PAGE),
        (b"\xef\xbb\xbf <!-- x --><html>", "haushalt.xls", Problem.WEB_PAGE),
        (b'<?xml version="1.0"?><!DOCTYPE html><html/>', "haushalt.xml", Problem.WEB_PAGE),
        (CSV, "haushalt.xlsx", Problem.NOT_WHAT_IT_SAYS),
        (CSV, "haushalt.pdf", Problem.NOT_WHAT_IT_SAYS),
        (CSV, "haushalt.zip", Problem.NOT_WHAT_IT_SAYS),
    ],
)
def test_what_harms_or_cannot_be_opened_is_refused(content: bytes, name: str, problem: Problem) -> None:
    assert examine(content, name).problem is problem


@pytest.mark.parametrize(
    ("content", "name", "extension"),
    [
        (workbook(), "haushalt.csv", "xlsx"),
        (b"%PDF-1.7\n", "haushalt.csv", "pdf"),
        (archive(), "karte.geojson", "zip"),
        (gzip.compress(CSV), "haushalt.csv", "gz"),
        (b"%PDF-1.7\n", "haushalt", "pdf"),
    ],
)
def test_a_misnamed_file_gets_its_right_extension(content: bytes, name: str, extension: str) -> None:
    found = examine(content, name)
    assert (found.problem, found.extension) == (None, extension)


@pytest.mark.parametrize(
    ("chosen", "extension", "kept"),
    [
        ("PDF", "csv", "CSV"),
        ("csv", "csv", "csv"),
        ("TSV", "csv", "TSV"),
        ("CSV", "xlsx", "XLSX"),
        ("SHP", "zip", "SHP"),
        ("GeoJSON", "json", "GeoJSON"),
        ("Lageplan", "pdf", "Lageplan"),
        ("", "csv", ""),
    ],
)
def test_a_format_that_the_file_disproves_is_corrected(chosen: str, extension: str, kept: str) -> None:
    assert fitting_format(chosen, extension) == kept
