"""Neither order nor the names of blank nodes ever change what a record is."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple, parse
from tests.kit.catalogue_server import PREFIXES, dataset, document, shuffled, uri

from ckanext.mainz.harvest.dcat import mapping, parts
from ckanext.mainz.harvest.dcat.finishing import Portal
from ckanext.mainz.harvest.dcat.settings import DcatSettings
from ckanext.mainz.harvest.dcat.statements import DATASET, Line, as_bytes, parsed, written
from ckanext.mainz.metadata.rdf.formats import rdf_format
from ckanext.mainz.metadata.rdf.nodes import ADMS, DCAT, DCTERMS, FOAF, SKOS, VCARD

PORTAL = Portal(DcatSettings(), "daten.stadt.example")
SUBJECT = f"<{uri(1)}>"
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)
NAMES = st.sampled_from(["a", "b", "c", "d"])
PREDICATES = st.sampled_from(
    [
        *(DCTERMS.title, DCTERMS.description, DCTERMS.identifier, DCTERMS.publisher, DCTERMS.creator, DCTERMS.license),
        *(DCTERMS.temporal, DCTERMS.spatial, DCTERMS.issued, DCTERMS.rights, DCTERMS.provenance, DCTERMS.language),
        *(DCAT.distribution, DCAT.keyword, DCAT.theme, DCAT.contactPoint, DCAT.accessURL, DCAT.landingPage),
        *(ADMS.identifier, SKOS.notation, FOAF.name, FOAF.mbox, VCARD.fn, VCARD.hasEmail, DCAT.startDate, DCAT.endDate),
    ]
)
NODES = st.one_of(
    NAMES.map(BlankNode),
    WORDS.map(Literal),
    st.sampled_from(["2020", "01.02.2020", "a@b.example", "Erika Mustermann", "cc-zero"]).map(Literal),
    st.sampled_from([f"{uri(1)}/file", uri(1), "https://x.example/1", "mailto:a@b.example"]).map(NamedNode),
)
SUBJECTS = st.one_of(st.just(NamedNode(uri(1))), NAMES.map(BlankNode), st.just(NamedNode(f"{uri(1)}/file")))
GRAPHS = st.lists(st.builds(Triple, SUBJECTS, PREDICATES, NODES), max_size=40)
THOROUGH = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def lines_of(triples: list[Triple]) -> list[Line]:
    return [(written(one.subject), written(one.predicate), written(one.object)) for one in triples]


def candidate(lines: list[Line]) -> Any:
    typed = [(SUBJECT, parts.TYPE, DATASET), *lines]
    return mapping.candidate(as_bytes(parts.canonical(typed, SUBJECT)), SUBJECT, DATASET, PORTAL)


def renamed(lines: list[Line], names: dict[str, str]) -> list[Line]:
    return [(names.get(s, s), p, names.get(o, o)) for s, p, o in lines]


@THOROUGH
@given(GRAPHS, st.data())
def test_order_and_names_of_blank_nodes_change_no_record(triples: list[Triple], data: st.DataObject) -> None:
    lines = lines_of(triples)
    other = data.draw(st.permutations(["_:w", "_:x", "_:y", "_:z"]))
    shuffled_lines = renamed(
        data.draw(st.permutations(lines)), dict(zip(("_:a", "_:b", "_:c", "_:d"), other, strict=True))
    )
    first, second = candidate(lines), candidate(shuffled_lines)
    assert first == second


@THOROUGH
@given(GRAPHS)
def test_whatever_is_said_becomes_a_record_or_a_reason(triples: list[Triple]) -> None:
    found = candidate(lines_of(triples))
    assert (found.package is None) is (found.refused is not None)
    assert found.guid
    assert found.fingerprint
    assert all(reason.sentence() for reason in found.reasons)
    if found.package:
        assert found.license_missing is ("license_id" not in found.package)
        assert all(file["source_key"] for file in found.package["resources"])
        assert "Mustermann" not in str(found.package.get("creator", "")) + str(found.package.get("contact", ""))


@THOROUGH
@given(st.text(max_size=30), st.text(max_size=30))
def test_what_is_written_is_read_again(iri: str, text: str) -> None:
    whole, address = (one.encode("utf-8", "ignore").decode() for one in (text, iri))
    turtle = f"<http://x> <http://y> <http://z/{quoted(address)}> ."
    triple = next(iter(parse(turtle.encode(), rdf_format("ttl"), lenient=True))).triple
    (again,) = parsed([("<http://x>", "<http://y>", written(triple.object))])
    assert again.object == triple.object
    (again,) = parsed([("<http://x>", "<http://y>", written(Literal(whole)))])
    assert again.object == Literal(whole)


def quoted(text: str) -> str:
    return "".join(f"\\U{ord(sign):08X}" for sign in text)


def test_blank_nodes_that_lead_in_a_circle_end() -> None:
    lines = [(SUBJECT, "<urn:p>", "_:a"), ("_:a", "<urn:p>", "_:b"), ("_:b", "<urn:p>", "_:a")]
    assert len(parts.canonical(lines)) == len(parts.canonical(renamed(lines, {"_:a": "_:y", "_:b": "_:x"})))


def test_another_serialisation_gives_the_same_statements() -> None:
    data = document([dataset(1)])
    assert shuffled(data, 1) != shuffled(data, 2)
    assert PREFIXES.encode() in data
