"""``ckan mainz metadata``: what operators see, and what import really does."""

from __future__ import annotations

from pathlib import Path

import ckan.model as model
import pytest
from ckan.tests.helpers import call_action
from click.testing import CliRunner, Result
from rdflib import DCAT, RDF, Graph
from tests.kit import records
from tests.kit.catalogue import made, office
from tests.kit.governance import CHECK
from tests.kit.services import LoadedPortal
from tests.unit.metadata.rdf.judge import shared

from ckanext.mainz.governance import proposals
from ckanext.mainz.metadata.cli import metadata

HEAD = "@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
LICENSE = "<http://dcat-ap.de/def/licenses/dl-by-de/2.0>"
AUTHORITY = "http://publications.europa.eu/resource/authority/"


@pytest.fixture(autouse=True)
def empty(portal: LoadedPortal, clean: None) -> None:
    """Every test begins with an empty portal."""


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(metadata, [str(word) for word in words])


def dataset(number: int, more: str = "") -> str:
    return f"""<http://a.example/{number}> a dcat:Dataset ; dcterms:title "Datensatz {number}" ;
        dcterms:description "Nummer {number}." ; dcat:theme <{AUTHORITY}data-theme/ENVI> ;
        dcterms:accrualPeriodicity <{AUTHORITY}frequency/ANNUAL> {more} ;
        dcat:distribution [ a dcat:Distribution ; dcterms:title "CSV" ; dcterms:license {LICENSE} ;
            dcat:accessURL <http://a.example/{number}.csv> ; dcterms:format <{AUTHORITY}file-type/CSV> ] .
    """


def source(folder: Path, *datasets: str) -> Path:
    file = folder / "quelle.ttl"
    file.write_text(HEAD + "\n".join(datasets), encoding="utf-8")
    return file


def titles() -> set[str]:
    rows = model.Session.query(model.Package.title).filter(model.Package.state == "active")
    return {title for (title,) in rows}


def test_a_dry_run_says_what_would_happen_and_saves_nothing(tmp_path: Path):
    office()
    done = run("import", source(tmp_path, dataset(1)), "--organization", "amt-67")
    assert done.exit_code == 0, done.output
    assert "created: datensatz-1 Datensatz 1" in done.output
    assert "Nothing was saved" in done.output
    assert titles() == set()


def test_an_import_takes_in_what_is_good_and_names_what_is_refused_and_what_is_not_held(tmp_path: Path):
    office()
    bad = '<http://a.example/3> a dcat:Dataset ; dcterms:description "Ohne Titel." .'
    odd = dataset(2, '; dcterms:issued "2021-01-28 GMT 01:51:03" ; <http://e.example/p> "fremd"')
    done = run("import", source(tmp_path, dataset(1), odd, bad), "--organization", "amt-67", "--apply")
    assert done.exit_code == 1
    assert "refused: http://a.example/3" in done.output
    assert "not held: http://e.example/p fremd" in done.output
    assert "2 created, 0 changed, 0 proposed, 1 refused." in done.output
    assert titles() == {"Datensatz 1", "Datensatz 2"}
    assert call_action("package_show", id="datensatz-2")["issued"].startswith("2021-01-28T01:51:03")


def test_a_second_import_changes_and_makes_no_second_record(tmp_path: Path):
    office()
    run("import", source(tmp_path, dataset(1)), "--organization", "amt-67", "--apply")
    before = call_action("package_show", id="datensatz-1")
    changed = dataset(1).replace("Nummer 1.", "Neuer Text.")
    done = run("import", source(tmp_path, changed), "--organization", "amt-67", "--apply")
    assert "0 created, 1 changed, 0 proposed, 0 refused." in done.output
    after = call_action("package_show", id="datensatz-1")
    assert (after["id"], after["notes"], after["identifier"]) == (before["id"], "Neuer Text.", "http://a.example/1")


def test_new_records_are_drafts_and_handed_in_where_that_is_asked_for(tmp_path: Path):
    office()
    run("import", source(tmp_path, dataset(1)), "--organization", "amt-67", "--apply")
    assert call_action("package_show", id="datensatz-1")["lifecycle"] == "entwurf"
    both = source(tmp_path, dataset(1), dataset(2))
    given = ["--organization", "amt-67", "--apply", "--submit"]
    refused = run("import", both, *given)
    assert refused.exit_code == 1
    assert "check: " in refused.output
    assert call_action("package_show", id="datensatz-1")["lifecycle"] == "entwurf"
    done = run("import", both, *given, *(word for one in CHECK.items() for word in ("--answer", "=".join(one))))
    assert done.exit_code == 0, done.output
    assert [call_action("package_show", id=f"datensatz-{one}")["lifecycle"] for one in (1, 2)] == ["eingereicht"] * 2


def test_what_would_change_a_released_record_is_proposed(tmp_path: Path):
    office()
    run("import", source(tmp_path, dataset(1)), "--organization", "amt-67", "--apply")
    before = records.publish("datensatz-1")
    changed = dataset(1).replace("Nummer 1.", "Neuer Text.")
    tried = run("import", source(tmp_path, changed), "--organization", "amt-67")
    assert "0 changed, 1 proposed" in tried.output
    assert proposals.of_record(before["id"]) == []
    done = run("import", source(tmp_path, changed), "--organization", "amt-67", "--apply")
    assert "0 changed, 1 proposed" in done.output
    assert call_action("package_show", id="datensatz-1") == before
    (made,) = proposals.of_record(before["id"])
    assert made.changes.fields["notes"].new == "Neuer Text."


def test_a_file_that_is_no_rdf_is_refused_with_its_place(tmp_path: Path):
    office()
    done = run("import", source(tmp_path, "<http://a.example/1> a dcat:Data"), "--organization", "amt-67")
    assert done.exit_code == 1
    assert "quelle.ttl cannot be read" in done.output
    assert "line 2" in done.output


def test_one_bad_dataset_after_another_is_told_and_the_good_one_is_taken_in(tmp_path: Path):
    office()
    languages = ", ".join(f'"Titel {number}"@x-l{number}' for number in range(50))
    odd = f"""
    <http://a.example/typ> a dcat:Dataset ; dcterms:title <http://a.example/kein-text> ; dcterms:description "x" .
    <http://a.example/titellos> a dcat:Dataset ; dcterms:description "x" .
    <http://a.example/zahl> a dcat:Dataset ; dcterms:title 42 ; dcterms:description true ; dcat:theme "quer" ;
        dcterms:publisher "nur ein Text" ; dcat:contactPoint 7 ; dcterms:temporal "immer" ; dcat:distribution "Datei" .
    <http://a.example/sprachen> a dcat:Dataset ; dcterms:title {languages} ; dcterms:description "x" .
    <http://a.example/kreis> a dcat:Dataset ; dcterms:title "Kreis" ; dcterms:description "x" ;
        dcterms:publisher <http://a.example/kreis> ; dcat:inSeries <http://a.example/kreis> ;
        dcat:distribution <http://a.example/kreis> .
    <http://a.example/ein {{leer}} zeichen> a dcat:Dataset ; dcterms:title "Adresse" ; dcterms:description "x" ;
        dcat:distribution [ dcat:accessURL <kein ort> ] ; dcterms:issued "gestern" .
    """
    done = run("import", source(tmp_path, odd, dataset(1)), "--organization", "amt-67", "--apply")
    refused = {line.split()[1] for line in done.output.splitlines() if line.startswith("refused:")}
    assert refused >= {"http://a.example/titellos"}, done.output
    assert titles() >= {"Datensatz 1", "42", "Kreis", "Adresse"}, done.output
    for said in ("quer", "nur ein Text", "gestern", "Titel 49"):
        assert said in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("abgeschnitten.rdf", b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Desc', "line 1"),
        ("bombe.rdf", b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><x>&b;</x>', "document type"),
        ("falsch.ttl", b"<?xml version='1.0'?><rdf:RDF/>", "line 1"),
        ("falsch.jsonld", b"Titel;Datum\n", "falsch.jsonld"),
        ("bild.rdf", b"\x89PNG\r\n\x1a\n", "bild.rdf"),
        ("leer.nt", b"", "no dataset"),
        ("tabelle.xlsx", b"PK", "tabelle.xlsx"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes, reason: str):
    office()
    file = tmp_path / name
    file.write_bytes(content)
    done = run("import", file, "--organization", "amt-67", "--apply")
    assert isinstance(done.exception, SystemExit)
    assert done.exit_code == 1
    assert reason in done.output
    assert titles() == set()


def test_a_hundred_megabytes_are_refused_without_reading_them(tmp_path: Path):
    office()
    file = tmp_path / "gross.ttl"
    with file.open("wb") as hole:
        hole.truncate(100 * 1024 * 1024)
    done = run("import", file, "--organization", "amt-67")
    assert (done.exit_code, "has more than 52428800 bytes" in done.output) == (1, True), done.output[:300]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path):
    made(office(), "Bäume")
    done = run("export", "--output", tmp_path / "gibt" / "es" / "nicht.ttl")
    assert isinstance(done.exception, SystemExit)
    assert "nicht.ttl" in done.output


def test_an_unknown_organisation_is_named(tmp_path: Path):
    done = run("import", source(tmp_path, dataset(1)), "--organization", "keins")
    assert (done.exit_code, "There is no organisation 'keins'" in done.output) == (1, True)


def test_the_datasets_of_bremen_are_taken_in(tmp_path: Path):
    office()
    done = run("import", shared("samples", "dcat", "bremen-catalog.rdf"), "--organization", "amt-67", "--apply")
    counts = done.output.strip().splitlines()[-1]
    assert "153 created, 0 changed, 0 proposed, 0 refused." in counts, done.output[-3000:]


def test_the_export_is_the_catalogue_or_one_record(tmp_path: Path):
    owner = office()
    made(owner, "Bäume", name="baeume")
    made(owner, "Bänke", public=False)
    file = tmp_path / "alles.ttl"
    assert "1 records written" in run("export", "--output", file).output
    assert len(list(Graph().parse(file).subjects(RDF.type, DCAT.Dataset))) == 1
    one = run("export", "baeume", "--format", "nt")
    assert Graph().parse(data=one.stdout_bytes, format="nt")
    assert "There is no public record" in run("export", "baenke").output


def test_what_is_valid_is_so_for_the_shapes_too():
    made(office(), "Bäume")
    assert run("validate").output.strip().endswith("1 records.")
    done = run("validate", "--shapes", shared("dcat-ap-de", "shapes3"))
    assert (done.exit_code, done.output.strip().splitlines()[-1]) == (0, "1 records."), done.output


def test_a_folder_without_shapes_is_named(tmp_path: Path):
    done = run("validate", "--shapes", tmp_path)
    assert (done.exit_code, "has no files with shapes" in done.output) == (1, True)


def test_the_vocabularies_are_in_order():
    assert "themes: 13 terms" in run("vocabularies").output
    assert "Umwelt" in run("vocabularies", "themes").output
    done = run("vocabularies", "--check")
    assert (done.exit_code, done.output.strip().endswith("0 findings.")) == (0, True), done.output
