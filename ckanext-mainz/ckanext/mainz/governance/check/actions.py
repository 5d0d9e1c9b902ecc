"""The action of the release check."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import sqlalchemy as sa
from ckan.plugins import toolkit

from ckanext.mainz.governance import tables
from ckanext.mainz.governance.check import background, gate, questions, stored, words
from ckanext.mainz.governance.check.findings import FileFinding
from ckanext.mainz.governance.check.gate import Given
from ckanext.mainz.metadata.quality import assessing

_ = toolkit._
Dict = dict[str, Any]


def get_actions() -> Dict:
    return {"mainz_release_check_show": mainz_release_check_show}


@toolkit.side_effect_free
def mainz_release_check_show(context: Any, data: Dict) -> list[Dict]:
    """The questions of the release check; of a record also what was found in its files, as further questions.

    :param id: id or name of a record (optional)
    :type id: string

    :returns: a list of ``code``, ``question``, ``help``, ``source`` (paragraphs), ``of_the_record`` (the portal answers
        it) and ``answers``: ``code``, ``label``, ``effect`` (``allow``, ``limit`` or ``block``), and where it limits or
        blocks ``level``, ``reason`` and ``why``. Of a record each has also ``answer``, the code that was given last,
        and findings follow, whose ``finding`` has ``kind``, ``resource_id``, ``file``, ``sheet``, ``column``, ``rows``,
        ``count``, ``samples`` (masked) and ``confidence``. ``mainz_record_submit`` takes the answers to all of them in
        ``check`` by their ``code``
    :rtype: list of dictionaries

    Raises NotAuthorized for everybody but those who enter the record and those who decide about it.
    """
    toolkit.check_access("mainz_release_check_show", context, data)
    language = gate.language_of_request()
    asked = questions.questions(language)
    if not data.get("id"):
        return asked
    package = model.Package.get(data["id"])
    if package is None:
        raise toolkit.ObjectNotFound(_("There is no record with this id."))
    return _of_record(assessing.stored(package.id), asked, language)


def _of_record(record: Dict, asked: list[Dict], language: str) -> list[Dict]:
    found = stored.look(record)
    model.Session.commit()
    background.ask(record)
    given = gate.completed(record, found, kept(record["id"]))
    listed = [{**one, "answer": given.answers.get(one["code"], "")} for one in asked]
    return listed + [{**_as_question(one, language), "answer": given.findings.get(one.key, "")} for one in found.items]


def kept(package_id: str) -> Given:
    """The answers of the last hand-in of a record."""
    table = tables.record
    return Given.of(model.Session.scalar(sa.select(table.c.check).where(table.c.package_id == package_id)))


def _as_question(one: FileFinding, language: str) -> Dict:
    return {
        "code": one.key,
        "question": words.question(one, _),
        "help": words.where(one, _),
        "source": "",
        "of_the_record": False,
        "answers": [questions.as_json(answer, language) for answer in questions.answers_to(one.finding.kind)],
        "finding": {"resource_id": one.resource_id, "file": one.file, **one.finding.as_json()},
    }
