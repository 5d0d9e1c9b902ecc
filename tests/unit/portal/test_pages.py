"""The pages that the office writes."""

import pytest

from ckanext.mainz.portal import pages


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(pages.config, "pages_folder", lambda: tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", pages.NAMES)
@pytest.mark.parametrize("language", pages.LANGUAGES)
def test_the_portal_brings_every_page_in_both_languages_with_its_gaps_marked(own_folder, name, language):
    page = pages.page(name, language)
    assert page.title
    assert page.gaps
    assert page.text.count("⟦") == page.text.count("⟧") >= len(page.gaps)


def test_both_languages_of_a_page_have_the_same_sections(own_folder):
    for name in pages.NAMES:
        german, english = (pages.page(name, language).text.count("\n## ") for language in pages.LANGUAGES)
        assert german == english


def test_the_offices_own_page_takes_the_place_of_the_default(own_folder):
    (own_folder / "impressum.de.md").write_text("\ufeff# Wer wir sind\n\nAmt ⟦ Name ⟧\nRathaus\n", encoding="utf-8")
    page = pages.page("impressum", "de")
    assert (page.title, page.gaps) == ("Wer wir sind", ("Name",))
    assert page.text == "Amt ⟦ Name ⟧  \nRathaus"
    assert pages.page("impressum", "en").title == "Imprint"


def test_what_is_still_to_be_filled_in_can_be_listed(own_folder):
    for name in pages.NAMES:
        for language in pages.LANGUAGES:
            (own_folder / f"{name}.{language}.md").write_text("# X\nfertig", encoding="utf-8")
    assert list(pages.unfinished()) == []
    (own_folder / "datenschutz.en.md").write_text("# X\n⟦Date⟧ and ⟦Date⟧", encoding="utf-8")
    assert list(pages.unfinished()) == [("datenschutz.en.md", "Date")]
