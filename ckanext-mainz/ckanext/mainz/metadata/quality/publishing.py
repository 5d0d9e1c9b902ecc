"""What may become public: nothing that breaks a rule of DCAT-AP.de, and no file whose dataset is poorly described.

It is asked after CKAN has saved a record and before the commit, so that it holds for every way of saving (form, API,
resource by resource, many at once) and sees the record exactly as it would stand. Drafts and private records may be
incomplete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import N_
from ckanext.mainz.metadata.quality import assessing, background, links, mqa, store, words
from ckanext.mainz.metadata.quality.findings import Finding
from ckanext.mainz.metadata.validators import INVENTORY

_ = toolkit._
Errors = dict[str, Any]

ENOUGH = "excellent"
"""The rating that a dataset with an uploaded file must reach."""
TOO_LITTLE = N_(
    "Please fill in this field, or add the file in an open format that programs can read, for example CSV. A dataset"
    " with this file alone would be described too poorly to be public."
)
TOO_LITTLE_FOR_FILE = N_(
    "A file in this format is public only if its dataset also states: {what}. Add this to the description, or add the"
    " file in an open format that programs can read, for example CSV."
)


def saved(package_id: str) -> None:
    """A record was written in the present transaction: refuses it if it may not be public, keeps its score.

    Raises `toolkit.ValidationError` at the fields that break a rule; nothing is saved then. An entry of the inventory
    describes no dataset yet and is never public: it has no score.
    """
    package = model.Session.get(model.Package, package_id)
    if package is not None and (package.extras or {}).get("lifecycle") == INVENTORY:
        return
    record = assessing.stored(package_id)
    if record["type"] not in assessing.TYPES:
        return
    assessment = assessing.assess(record)
    found = (*assessment.findings, *_too_little(assessment))
    if is_public(record) and found:
        model.Session.rollback()
        raise toolkit.ValidationError(errors(found, record.get("resources") or ()))
    if record["type"] == store.TYPE:
        store.keep(package_id, assessment.score, len(assessment.findings))
        if links.note(assessment.foreign, assessment.links) or assessing.has_tables(record):
            background.ask()


def is_public(record: Mapping[str, Any]) -> bool:
    """Whether everybody sees a record."""
    return record.get("state") == model.State.ACTIVE and not record.get("private")


def _too_little(assessment: assessing.Assessment) -> Iterator[Finding]:
    """The fields that a dataset with an uploaded file must fill in to reach `ENOUGH`, at the dataset and at its files.

    What a format lacks by nature nobody can fill in; so each missing field of the dataset is named.
    """
    uploads = [
        (position, resource)
        for position, resource in enumerate(assessment.record.get("resources") or ())
        if resource.get("url_type") == "upload"
    ]
    if not uploads or mqa.scheme().rating(assessment.score.total) == ENOUGH:
        return
    missing = [
        point.metric
        for point in assessment.score.points
        if point.state is mqa.State.MISSING and point.metric.of == "dataset" and point.metric.field
    ]
    for metric in missing:
        yield Finding(metric.field, TOO_LITTLE)
    if missing:
        what = ", ".join(dict.fromkeys(_(words.METRICS[metric.code].label) for metric in missing))
        for position, resource in uploads:
            yield Finding("format", TOO_LITTLE_FOR_FILE, {"what": what}, str(resource["id"]), position)


def errors(found: Sequence[Finding], resources: Sequence[Mapping[str, Any]]) -> Errors:
    """Findings in CKAN's form: messages by field, those of files as a list in the order of the files.

    Who adds or changes one file gets only the messages of that one from CKAN. So what is wrong elsewhere is said at
    each file as well, with the name of the file that is meant.
    """
    messages: Errors = {}
    for one in found:
        if one.position < 0:
            messages.setdefault(one.field, []).append(one.text(_))
    wrong = [one for one in found if one.position >= 0]
    if not wrong:
        return messages
    by_file: list[Errors] = [{} for _resource in resources]
    for one in wrong:
        by_file[one.position].setdefault(one.field, []).append(one.text(_))
    elsewhere = [_elsewhere(one, resources[one.position]) for one in wrong]
    for position, entry in enumerate(by_file):
        if not entry:
            entry["url"] = [text for one, text in zip(wrong, elsewhere, strict=True) if one.position != position]
    return {**messages, "resources": by_file}


def _elsewhere(one: Finding, resource: Mapping[str, Any]) -> str:
    name = resource.get("name") or str(resource.get("url") or "").rsplit("/", 1)[-1] or resource.get("id")
    return _("Another file, “{name}”, keeps the dataset from being public:").format(name=name) + " " + one.text(_)
