"""What a reader asks of a list, as its address says it."""

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from ckanext.mainz.portal.links import Links, with_query
from ckanext.mainz.portal.listing import Listing, Page, Question, quoted

THEME = "http://publications.europa.eu/resource/authority/data-theme/ENVI"


def asked(query):
    return Question.of(MultiDict(query))


def listing(question, count=100):
    return Listing(question, "/dataset/", count=count, links=Links(""))


def test_what_an_address_asks_is_read_and_written_again():
    question = asked([("q", " Bäume "), ("theme", "ENVI"), ("tags", "a"), ("sort", "new"), ("page", "3")])
    assert list(question.parameters()) == [
        ("q", "Bäume"),
        ("theme", "ENVI"),
        ("tags", "a"),
        ("sort", "new"),
        ("page", "3"),
    ]


def test_what_an_address_must_not_ask_is_left_out():
    question = asked([("fq", "capacity:private"), ("sort", "owner_org desc"), ("page", "-1"), ("theme", "")])
    assert question == Question()


def test_page_numbers_that_are_none_mean_the_first_page():
    for text in ("0", "x", "", "1.5", "²", "٣", "-7"):
        assert asked([("page", text)]).page == 1
    assert asked([("page", "9" * 30)]).page == 5000


def test_a_filter_is_added_and_taken_away_and_leads_to_the_first_page():
    question = asked([("page", "4")]).toggled("tags", "Bäume")
    assert (question.page, question.chosen) == (1, (("tags", "Bäume"),))
    assert question.toggled("tags", "Bäume").chosen == ()


def test_a_theme_goes_by_its_code_in_addresses_and_by_its_uri_in_the_index():
    assert asked([("theme", "ENVI")]).filter_query() == f'vocab_theme:"{THEME}"'


@given(st.text(max_size=30))
def test_a_value_cannot_break_out_of_its_phrase(value):
    inside = quoted(value)[1:-1]
    assert '"' not in inside.replace("\\\\", "").replace('\\"', "")


def test_pages_show_first_last_and_neighbours_with_gaps():
    numbers = [page.number for page in listing(Question(page=10), 400).pages]
    assert numbers == [1, 0, 8, 9, 10, 11, 12, 0, 20]
    assert listing(Question(), 20).pages == [Page(1)]


def test_previous_and_next_end_with_the_list():
    assert listing(Question(page=1), 40).previous == ""
    assert listing(Question(page=1), 40).next == "/dataset/?page=2"
    assert listing(Question(page=2), 40).next == ""


def test_addresses_keep_umlauts_and_signs():
    assert with_query("/dataset/", [("q", "Straße & Baum")]) == "/dataset/?q=Stra%C3%9Fe+%26+Baum"
    assert Links("/en").dataset("bäume x") == "/en/dataset/b%C3%A4ume%20x"
