"""What a field of a form offers: values with their labels, the headings they stand under, and what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import ckan.model as model
from ckan.plugins import toolkit

from ckanext.mainz.metadata import vocabulary
from ckanext.mainz.metadata.vocabulary import Term

_ = toolkit._
Schema = Mapping[str, Any]
LICENSES = "licenses"


@dataclass(frozen=True)
class Option:
    """One choice of a field; `group` is the heading that it stands under, `note` says what it means in a sentence."""

    value: str
    label: str
    chosen: bool
    group: str = ""
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Choices under one heading; without a heading for those that stand alone."""

    title: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> int:
        """How many of them are chosen."""
        return sum(option.chosen for option in self.options)


def options(schema: Schema, value: Any, language: str, single: bool) -> Iterator[Option]:
    """The choices of a field; one with a `single` value begins with an empty one, which says what it means."""
    chosen = {str(item) for item in value} if isinstance(value, list | tuple) else {str(value or "")}
    found = list(choices(schema, chosen, language))
    if single and not (schema.get("required") and len(found) == 1):
        yield Option("", _("Please choose") if schema.get("required") else _("Not specified"), chosen == {""})
    yield from found


def groups(found: Iterable[Option]) -> list[Group]:
    """Choices by their headings, in their order."""
    return [Group(title, tuple(part)) for title, part in groupby(found, key=lambda option: option.group)]


def choices(schema: Schema, chosen: set[str], language: str) -> Iterator[Option]:
    """What a field offers, and what it holds already."""
    if schema["form_snippet"] == "organization.html":
        yield from (Option(value, label, value in chosen) for value, label in organizations(chosen))
    elif schema["form_snippet"] == "license.html":
        yield from licenses(chosen, language)
    else:
        yield from terms(schema["vocabulary"], chosen, language, many=schema.get("multiple", False))


def terms(name: str, chosen: set[str], language: str, many: bool) -> Iterator[Option]:
    """Terms of a vocabulary. Where there are boxes to tick (`many`), the uppermost term stands under its own name."""
    known = {term.parent for term in vocabulary.terms(name)} - {""}
    for term in vocabulary.terms(name):
        if term.offered or term.uri in chosen:
            group = term.group(language) or heading(name, term, language, own=many and term.uri in known)
            yield Option(term.uri, term.label(language), term.uri in chosen, group, term.note(language))


def heading(name: str, term: Term, language: str, own: bool) -> str:
    """The label of the uppermost term above a term; of a term that is itself one, its own if `own`."""
    above = vocabulary.find(name, term.parent) if term.parent else None
    if above is None:
        return term.label(language) if own else ""
    return heading(name, above, language, own=True)


def organizations(chosen: set[str]) -> list[tuple[str, str]]:
    """Organisations for which this person may enter datasets, and the one that is chosen already."""
    offered = toolkit.h.organizations_available("create_dataset")
    found = {str(one["id"]): str(one.get("display_name") or one["name"]) for one in offered}
    for identifier in chosen - found.keys() - {""}:
        stored = model.Group.get(identifier)
        if stored is not None:
            found.setdefault(stored.id, stored.display_name)
    return sorted(found.items(), key=lambda item: item[1].casefold())


def licenses(chosen: set[str], language: str) -> Iterator[Option]:
    """Licences that a form shows, with what they mean, and the chosen one even if it is not offered."""
    for term in vocabulary.terms(LICENSES):
        if term.offered or term.code in chosen:
            yield Option(term.code, term.label(language), term.code in chosen, note=term.note(language))
