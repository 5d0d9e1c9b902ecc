"""Fields of a record as labels and values."""

from ckanext.mainz.portal.presentation import Row, Value, rows

FREQUENCY = {
    "field_name": "frequency",
    "label": {"de": "Aktualisierung", "en": "Update frequency"},
    "vocabulary": "frequencies",
}
PERIOD = {
    "field_name": "temporal_coverage",
    "label": {"de": "Zeitraum", "en": "Period"},
    "repeating_subfields": [{"field_name": "start", "label": "von"}, {"field_name": "end", "label": "bis"}],
}
CONTACT = {
    "field_name": "contact",
    "label": {"de": "Kontakt", "en": "Contact"},
    "repeating_subfields": [{"field_name": "name", "label": "Stelle"}, {"field_name": "email", "label": "E-Mail"}],
}


def shown(field, stored, language="de"):
    return rows({field["field_name"]: stored}, [field], language, without=())


def test_a_term_shows_its_label_in_the_readers_language():
    annual = "http://publications.europa.eu/resource/authority/frequency/ANNUAL"
    assert shown(FREQUENCY, annual) == [Row("Aktualisierung", ((Value("jährlich"),),))]
    assert shown(FREQUENCY, annual, "en") == [Row("Update frequency", ((Value("annual"),),))]


def test_empty_fields_make_no_row():
    for nothing in (None, "", [], "[]", [{}], [{"start": ""}]):
        assert shown(PERIOD, nothing) == []


def test_a_period_reads_as_a_sentence_with_german_dates():
    assert shown(PERIOD, [{"start": "2020-01-01", "end": "2025-12-31"}])[0].values == (
        (Value("01.01.2020 bis 31.12.2025"),),
    )
    assert shown(PERIOD, [{"start": "2020"}])[0].values == ((Value("ab 2020"),),)
    assert shown(PERIOD, '[{"end": "2025-12-31"}]', "en")[0].values == ((Value("until 31 December 2025"),),)


def test_only_the_mail_address_of_a_contact_is_a_link():
    contact = [{"name": "Grünamt", "email": "gruen@stadt.example"}]
    assert shown(CONTACT, contact)[0].values == (
        (Value("Grünamt"), Value("gruen@stadt.example", "mailto:gruen@stadt.example")),
    )


def test_addresses_of_the_web_are_links_and_scripts_are_not():
    field = {"field_name": "page", "label": "Seite"}
    assert shown(field, "https://amt.example/x")[0].values == (
        (Value("https://amt.example/x", "https://amt.example/x"),),
    )
    for text in ("javascript:alert(1)", "javascript://x%0aalert(1)", "data:text/html,x"):
        assert shown(field, text)[0].values == ((Value(text),),)


def test_fields_that_the_schema_hides_or_the_page_shows_elsewhere_make_no_row():
    hidden = {"field_name": "is_example", "label": "Beispiel", "display_snippet": None}
    assert shown(hidden, "true") == []
    assert rows({"frequency": "x"}, [FREQUENCY], "de", without=("frequency",)) == []


def test_choices_of_the_schema_show_their_labels():
    field = {"field_name": "kind", "label": "Art", "choices": [{"value": "a", "label": {"de": "Amt", "en": "Office"}}]}
    assert shown(field, ["a", "b"])[0].values == ((Value("Amt"),), (Value("b"),))
