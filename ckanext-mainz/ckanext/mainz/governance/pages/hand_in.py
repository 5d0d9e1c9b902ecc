"""The page on which a draft is handed in: for whom, the release check, and what still stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ckan.plugins import toolkit
from flask import request

from ckanext.mainz.foundation import entered
from ckanext.mainz.governance import levels, logbook, telling
from ckanext.mainz.governance.check.forms import Check
from ckanext.mainz.governance.pages import check_place, entrance, possible, record_page, words
from ckanext.mainz.governance.record import Standing

_ = toolkit._
Dict = dict[str, Any]
OF_THE_PAGE = ("visibility", "shared_with", check_place.ERRORS)


@dataclass(frozen=True)
class Problem:
    """Something that has to be mended before the record can be handed in, and where. Empty `address`: nowhere else."""

    label: str
    message: str
    address: str = ""


def answer(standing: Standing) -> tuple[Any, bool]:
    """Hands the record in as the form says. Gives the page's variables and False where something is wrong."""
    typed = typed_of(request.form)
    try:
        entrance.call("mainz_record_submit", {"id": standing.id, **typed, **check_place.read(request.form)})
    except toolkit.ValidationError as error:
        return page(standing, typed, error.error_dict), False
    return {}, True


def begun(standing: Standing) -> Dict:
    """The page as it begins: with what was typed into it and could not be looked at."""
    kept = entered.fields()
    return page(standing, typed_of(kept) if kept else {}, {})


def typed_of(form: Any) -> Dict:
    """Level and third parties that a form sent. Third parties count for their level only."""
    level = form.get("visibility", "")
    return {"visibility": level, "shared_with": form.getlist("shared_with") if level == levels.PARTNER else []}


def page(standing: Standing, typed: Mapping[str, Any], errors: Mapping[str, Any]) -> Dict:
    """What the template needs."""
    level = str(typed.get("visibility") or standing.level)
    check = check_place.of_hand_in(standing, entered.fields(), level if errors else "")
    return {
        "head": record_page.head(standing),
        "can": possible.of(entrance.person(), standing),
        "levels": words.level_choices(level),
        "sentences": {one: readers_at(standing, one) for one in levels.LEVELS},
        "first": telling.readers_of(replace(standing, state=levels.EINGEREICHT))["sentence"],
        "third_parties": record_page.third_parties(standing, typed),
        "returned": logbook.row(standing.id).get("returned"),
        "problems": list(problems(standing, errors, check)),
        "errors": {name: words.sentences(errors.get(name)) for name in ("visibility", "shared_with")},
        "promotion": standing.state == levels.INVENTAR,
        "words": words,
        "check": check,
    }


def readers_at(standing: Standing, level: str) -> str:
    """Who will read the record once it is released at a level."""
    return str(telling.readers_of(standing, level)["sentence"])


def problems(standing: Standing, errors: Mapping[str, Any], check: Check) -> Iterator[Problem]:
    """Everything that is wrong: of this page, then of the record, each with the way to its field."""
    for name in ("visibility", "shared_with"):
        for message in words.sentences(errors.get(name)):
            yield Problem(_("Who shall see it"), message, f"#field-{name}")
    if check_place.ERRORS in errors:
        yield from _of_check(errors[check_place.ERRORS], check)
    for name, told in errors.items():
        if name == "resources":
            yield from _of_files(standing, told)
        elif name not in OF_THE_PAGE:
            yield from _of_field(standing, name, told)


def _of_check(told: Any, check: Check) -> Iterator[Problem]:
    """What the form of the check says at its questions; else the sentences of the action."""
    if check.problems:
        yield from (Problem(label, message, f"#{anchor}") for anchor, label, message in check.problems)
        return
    yield from (Problem(_("Release check"), message, "#release-check") for message in words.sentences(told))


def _of_field(standing: Standing, name: str, told: Any) -> Iterator[Problem]:
    field = _field(standing.type, "dataset_fields", name)
    address = toolkit.h.url_for(f"{standing.type}.edit", id=standing.name) + f"#field-{name}" if field else ""
    for message in words.sentences(told):
        yield Problem(_label(field, name) if field else "", message, address)


def _of_files(standing: Standing, told: Any) -> Iterator[Problem]:
    """Errors of files come as a list beside the files, or as sentences about all of them."""
    files = entrance.call("package_show", {"id": standing.id, "use_cache": False})["resources"]
    for number, found in enumerate(told if isinstance(told, list) else [told]):
        file = files[number] if isinstance(found, dict) and number < len(files) else None
        if file is None:
            address = toolkit.h.url_for("dataset.resources", id=standing.name) if standing.type == "dataset" else ""
            yield from (Problem(_("Files and links"), message, address) for message in words.sentences(found))
            continue
        address = toolkit.h.url_for("dataset_resource.edit", id=standing.name, resource_id=file["id"])
        called = file.get("name") or str(file.get("url") or "").rsplit("/", 1)[-1]
        for name, messages in found.items():
            label = _label(_field(standing.type, "resource_fields", name), name)
            for message in words.sentences(messages):
                yield Problem(f"{called}, {label}", message, f"{address}#field-{name}")


def _field(type: str, part: str, name: str) -> Mapping[str, Any] | None:
    schema = toolkit.h.scheming_get_dataset_schema(type) or {}
    return next((one for one in schema.get(part, ()) if one["field_name"] == name), None)


def _label(field: Mapping[str, Any] | None, name: str) -> str:
    label = field.get("label") if field else None
    return str(toolkit.h.scheming_language_text(label)) if label else name
