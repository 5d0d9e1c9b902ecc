"""The questions of the release check: whole in both languages, and what their answers allow."""

from __future__ import annotations

import pytest

from ckanext.mainz.governance import levels
from ckanext.mainz.governance.check import questions
from ckanext.mainz.governance.check.findings import KINDS, FileFinding, Finding
from ckanext.mainz.governance.check.gate import Given
from ckanext.mainz.governance.check.questions import AnswersError
from ckanext.mainz.metadata import vocabulary

ALL = questions.all_questions()
EVERY_ANSWER = [(one.code, answer) for one in ALL for answer in one.answers] + [
    ("finding", answer) for answer in questions.finding_answers()
]
ALLOWED = {one.code: one.answers[0].code for one in ALL}


def finding(kind: str = "name", visibility: str = "", file_key: str = "a", column: str = "Name") -> FileFinding:
    return FileFinding("r1", file_key, "liste.csv", visibility, Finding(kind, column, (2,), 1, (), 0.9))


def test_all_subjects_are_asked():
    assert [one.code for one in ALL] == [
        *("personenbezug", "statistik", "rechte_dritter", "sicherheit", "vertrag", "data_act", "lizenz")
    ]


@pytest.mark.parametrize("question", ALL, ids=lambda one: one.code)
def test_each_question_is_whole(question: questions.Question):
    assert all((question.de, question.en, question.help_de, question.help_en, question.source))
    assert len({one.code for one in question.answers}) == len(question.answers)
    assert any(one.effect == "allow" for one in question.answers)


@pytest.mark.parametrize(("about", "answer"), EVERY_ANSWER, ids=lambda one: getattr(one, "code", one))
def test_each_answer_says_what_follows(about: str, answer: questions.Answer):
    assert answer.de
    assert answer.en
    assert answer.effect in ("allow", "limit", "block")
    if answer.effect == "allow":
        assert (answer.level, answer.reason, answer.why_de) == ("", "", "")
        return
    assert vocabulary.find("reasons", answer.reason)
    assert answer.why_de.endswith(".")
    assert answer.why_en.endswith(".")
    assert (answer.level in levels.LEVELS) == (answer.effect == "limit")


@pytest.mark.parametrize("kind", KINDS)
def test_findings_of_each_kind_can_be_allowed_limited_and_blocked(kind: str):
    answers = questions.answers_to(kind)
    assert {one.effect for one in answers} == {"allow", "limit", "block"}
    assert len({one.code for one in answers}) == len(answers)


def test_the_list_has_the_promised_shape():
    for one in questions.questions("de"):
        assert {"code", "question", "answers"} <= set(one)
        assert all({"code", "label", "effect"} <= set(answer) for answer in one["answers"])
    assert questions.questions("de")[0]["question"] != questions.questions("en")[0]["question"]


def test_harmless_answers_allow_the_public():
    judged = questions.judge(ALLOWED, "oeffentlich")
    assert (judged.allowed, judged.blocked, judged.most, judged.reasons) == (True, False, "oeffentlich", ())


def test_the_strictest_answer_decides():
    answers = {**ALLOWED, "vertrag": "nur_konzern", "sicherheit": "nur_verwaltung"}
    judged = questions.judge(answers, "oeffentlich")
    assert (judged.allowed, judged.blocked, judged.most) == (False, False, "verwaltung")
    assert set(judged.reasons) == {"vertrag", "sicherheit"}
    assert questions.judge(answers, "verwaltung").allowed
    assert not questions.judge(answers, "konzern").allowed


def test_data_received_on_exceptional_need_are_never_published():
    judged = questions.judge({**ALLOWED, "data_act": "notwendigkeit"}, "intern")
    assert judged.blocked
    assert judged.reasons == ("data_act",)
    assert judged.sentences("de") != judged.sentences("en")


def test_unanswered_and_unknown_answers_are_named():
    answers = {**ALLOWED, "statistik": "", "vertrag": "vielleicht", "wetter": "gut"}
    with pytest.raises(AnswersError) as error:
        questions.judge(answers, "intern")
    assert set(error.value.problems) == {"statistik", "vertrag", "wetter"}
    assert "vielleicht" in str(error.value)


@pytest.mark.parametrize("given", [None, [], {}, 7, True])
def test_answers_of_the_wrong_shape_are_unknown(given: object):
    with pytest.raises(AnswersError) as error:
        questions.judge({**ALLOWED, "statistik": given}, "intern")
    assert set(error.value.problems) == {"statistik"}


def test_no_level_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError):
        questions.judge(ALLOWED, "geheim")


@pytest.mark.parametrize(
    ("record", "answer"),
    [
        ({"license_id": "http://dcat-ap.de/def/licenses/dl-by-de/2.0"}, "offen"),
        ({"license_id": "dl-de-by-2.0", "resources": [{"license": ""}]}, "offen"),
        ({"license_id": "other-closed"}, "nicht_offen"),
        ({"license_id": "dl-de-by-2.0", "resources": [{}, {"license": "other-closed"}]}, "nicht_offen"),
        ({"license_id": "selbst erfunden"}, "nicht_offen"),
        ({}, "fehlt"),
        ({"resources": [{"license": "cc-zero"}, {}]}, "fehlt"),
        ({"type": "dataset_series"}, "offen"),
    ],
)
def test_the_record_answers_for_its_licence(record: dict, answer: str):
    assert questions.of_the_record(record) == {"lizenz": answer}


def test_the_licence_of_the_organisation_stands_in():
    assert questions.of_the_record({}, "cc-zero") == {"lizenz": "offen"}


def test_each_finding_wants_an_answer():
    one = finding()
    with pytest.raises(AnswersError) as error:
        questions.judge_findings([one], {}, "intern")
    assert set(error.value.problems) == {one.key}
    assert questions.judge_findings([one], {one.key: "kein_personenbezug"}, "oeffentlich").allowed


def test_an_answer_belongs_to_its_kind():
    one = finding("small_cells")
    with pytest.raises(AnswersError):
        questions.judge_findings([one], {one.key: "kein_personenbezug"}, "intern")
    assert not questions.judge_findings([one], {one.key: "kleine_zahlen"}, "verwaltung").allowed


def test_an_answer_to_what_is_not_there_is_refused():
    with pytest.raises(AnswersError):
        questions.judge_findings([], {finding().key: "anonymisiert"}, "intern")


def test_a_file_that_fewer_people_read_is_judged_by_its_own_level():
    inside, open_file = finding(visibility="intern"), finding()
    answer = {inside.key: "nur_intern"}
    assert questions.judge_findings([inside], answer, "oeffentlich").allowed
    assert not questions.judge_findings([open_file], answer, "oeffentlich").allowed


def test_a_file_that_is_to_be_cleaned_blocks():
    one = finding()
    assert questions.judge_findings([one], {one.key: "wird_bereinigt"}, "intern").blocked


def test_an_answer_holds_as_long_as_the_bytes_are_the_same():
    assert finding().key == finding(visibility="intern").key
    assert finding().key != finding(file_key="b").key
    assert finding().lasting_key == finding(file_key="b").lasting_key
    assert finding().lasting_key != finding(column="Anschrift").lasting_key


def test_answers_are_kept_and_read_again():
    given = Given.by_codes({"statistik": "nein", finding().key: "anonymisiert"})
    assert (dict(given.answers), dict(given.findings)) == ({"statistik": "nein"}, {finding().key: "anonymisiert"})
    assert Given.of(given.as_json()) == given
    assert Given.of(None) == Given.of({"held": ["x"]}) == Given()


def test_a_question_that_does_not_exist_is_no_finding():
    assert dict(Given.by_codes({"wetter": "gut"}).answers) == {"wetter": "gut"}
