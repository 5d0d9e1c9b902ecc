"""Validators of fields that hold several values.

A value is a list, one text, the JSON text of a list of texts, or, from a form, a text with a value on each line, which
may begin with a bracket ("[2024]"). Datasets keep it as JSON text, as ckanext-scheming does; resources keep the list
itself. An empty list is no value.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.metadata import checks, vocabulary
from ckanext.mainz.metadata.texts import has_control_characters
from ckanext.mainz.metadata.values import parsed

_ = toolkit._
Key = tuple[Any, ...]
Data = dict[Any, Any]
Check = Callable[[str], str]
MOST = 100
LONGEST_LINE = 500


def get_lists() -> dict[str, Any]:
    return {
        "mainz_iris": iris,
        "mainz_lines": lines,
        "mainz_terms": terms,
        "mainz_terms_or_iris": terms_or_iris,
        "mainz_list_output": output,
    }


def items(value: Any) -> list[str]:
    """The single values in what was given, each once, without empty ones. Raises `toolkit.Invalid` for other shapes."""
    found = parsed(value)
    found = found if isinstance(found, list | tuple) else [found]
    if not all(isinstance(one, str | int | float | None) for one in found):
        raise toolkit.Invalid(_("A list of texts is expected here."))
    split = [line.strip() for one in found if one is not None for line in str(one).splitlines()]
    return list(dict.fromkeys(line for line in split if line))


def checked(key: Key, data: Data, errors: Data, check: Check) -> None:
    """Puts each value through a check. Messages name the value that is wrong."""
    value = data.get(key)
    found = [] if value is None or value is toolkit.missing else items(value)
    if not found:
        data.pop(key, None)
        raise toolkit.StopOnError
    if len(found) > MOST:
        raise toolkit.Invalid(_("At most {most} entries are possible here.").format(most=MOST))
    good = list(_passed(found, check, errors[key]))
    data[key] = stored(key, list(dict.fromkeys(good)))


def _passed(found: Iterable[str], check: Check, messages: list[str]) -> Iterable[str]:
    for one in found:
        try:
            yield check(one)
        except toolkit.Invalid as error:
            messages.append(str(error.error))


def stored(key: Key, values: list[str]) -> str | list[str]:
    """A list as its record keeps it."""
    return values if key[0] == "resources" else json.dumps(values, ensure_ascii=False)


def iris(key: Key, data: Data, errors: Data, _context: Any) -> None:
    """A list of addresses."""
    checked(key, data, errors, checks.iri)


def lines(key: Key, data: Data, errors: Data, _context: Any) -> None:
    """A list of short texts."""
    checked(key, data, errors, line)


def line(text: str) -> str:
    """One short text without control characters."""
    if has_control_characters(text):
        raise toolkit.Invalid(_("The text contains control characters. Type it again or paste it without formatting."))
    if len(text) > LONGEST_LINE:
        raise toolkit.Invalid(
            _("The entry “{value}” has {length} characters; at most {limit} are possible.").format(
                value=checks.short(text), length=len(text), limit=LONGEST_LINE
            )
        )
    return text


def terms(field: checks.Field, _schema: Any) -> Callable[[Key, Data, Data, Any], None]:
    """A list of terms of the field's ``vocabulary``, in its order."""

    def check(key: Key, data: Data, errors: Data, _context: Any) -> None:
        checked(key, data, errors, lambda text: checks.known_term(field, text).uri)
        if not errors[key]:
            data[key] = stored(key, in_order(field["vocabulary"], output(data[key])))

    return check


def terms_or_iris(field: checks.Field, schema: Any) -> Callable[[Key, Data, Data, Any], None]:
    """A list of terms of the field's ``vocabulary`` or of addresses."""

    def check(key: Key, data: Data, errors: Data, _context: Any) -> None:
        checked(key, data, errors, checks.term_or_iri(field, schema))

    return check


def in_order(name: str, uris: list[str]) -> list[str]:
    """URIs in the order of their vocabulary, so that the order of clicks makes no difference."""
    chosen = set(uris)
    return [term.uri for term in vocabulary.terms(name) if term.uri in chosen]


def output(value: Any) -> Any:
    """The list that is stored, whether as JSON text, as list, or as one text by an older version."""
    found = parsed(value)
    return [found] if isinstance(found, str) else found


for one in (terms, terms_or_iris):
    one.is_a_scheming_validator = True  # pyright: ignore[reportFunctionMemberAccess]  as scheming marks its own
