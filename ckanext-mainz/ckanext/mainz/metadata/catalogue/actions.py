"""ckanext-dcat's actions, answered by the same writer as its addresses where a profile of ours is asked for."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.metadata.catalogue import answers, profiles, state
from ckanext.mainz.metadata.catalogue.question import Question, Refused, about_catalogue, about_record, chosen_profile

Dict = dict[str, Any]
DEFAULT_FORMAT = "xml"
NOT_FOUND = 404


def get_actions() -> dict[str, Any]:
    return {"dcat_catalog_show": dcat_catalog_show, "dcat_dataset_show": dcat_dataset_show}


@toolkit.chained_action
@toolkit.side_effect_free
def dcat_catalog_show(original: Any, context: Any, data_dict: Dict) -> str:
    """A page of the catalogue as text; in our profiles what is public, whoever asks."""
    toolkit.check_access("dcat_catalog_show", context, data_dict)
    try:
        given = _texts(data_dict)
        profile = chosen_profile(given)
        if profile not in profiles.OURS:
            return original(context, data_dict)
        ending = given.get("format") or DEFAULT_FORMAT
        return _text(about_catalogue(ending, f"/catalog.{ending}", given, profile))
    except Refused as error:
        raise toolkit.ValidationError({"catalogue": [error.message]}) from error


@toolkit.chained_action
def dcat_dataset_show(original: Any, context: Any, data_dict: Dict) -> str:
    """A record as text; in our profiles only if it is public, whoever asks."""
    toolkit.check_access("dcat_dataset_show", context, data_dict)
    try:
        given = _texts(data_dict)
        profile = chosen_profile(given)
        if profile not in profiles.OURS:
            return original(context, data_dict)
        return _text(about_record(given.get("format") or DEFAULT_FORMAT, given.get("id") or "", profile))
    except Refused as error:
        if error.status == NOT_FOUND:
            raise toolkit.ObjectNotFound(error.message) from error
        raise toolkit.ValidationError({"record": [error.message]}) from error


def _texts(given: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as an address would have them; profiles may come as a list."""
    named = given.get("profiles")
    texts = {name: str(value) for name, value in given.items() if value is not None}
    return {**texts, "profiles": ",".join(str(one) for one in named)} if isinstance(named, list | tuple) else texts


def _text(question: Question) -> str:
    return gzip.decompress(answers.answer_to(answers.asked(question, state.current())).packed).decode()
