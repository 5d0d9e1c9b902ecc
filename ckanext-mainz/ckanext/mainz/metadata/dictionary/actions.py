"""Actions of the data dictionary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ckan.lib import files
from ckan.plugins import toolkit

from ckanext.mainz import tabular
from ckanext.mainz.foundation import outcome
from ckanext.mainz.metadata.dictionary import structures
from ckanext.mainz.metadata.dictionary.columns import Column, Structure, proposal, stored
from ckanext.mainz.metadata.rows import RowsError, as_rows

_ = toolkit._
Dict = dict[str, Any]


def get_actions() -> Dict:
    return {
        "mainz_dictionary_show": mainz_dictionary_show,
        "mainz_dictionary_propose": mainz_dictionary_propose,
        "mainz_dictionary_update": mainz_dictionary_update,
    }


@toolkit.side_effect_free
def mainz_dictionary_show(context: Any, data: Dict) -> Dict:
    """The data dictionary of a table file: what its columns mean.

    :param id: id of the resource
    :type id: string

    :returns: ``resource_id`` and ``columns``, each with ``column``, ``title``, ``description``, ``unit``, ``type``
        and ``codes``
    :rtype: dictionary
    """
    resource = _resource(context, data)
    return _answer(resource["id"], stored(resource))


@toolkit.side_effect_free
def mainz_dictionary_propose(context: Any, data: Dict) -> Dict:
    """A data dictionary made from the uploaded file: its columns with type and unit, and what is described already.

    Nothing is saved: give the result to ``mainz_dictionary_update``.

    :param id: id of the resource
    :type id: string

    :returns: as ``mainz_dictionary_show``
    :rtype: dictionary

    Raises ValidationError where the resource has no uploaded table; the message says why.
    """
    resource = _resource(context, data)
    return _answer(resource["id"], proposal(stored(resource), read(resource)))


def mainz_dictionary_update(context: Any, data: Dict) -> Dict:
    """Sets the data dictionary of a table file.

    :param id: id of the resource
    :type id: string
    :param columns: the entries, each with ``column`` and any of ``title``, ``description``, ``unit``, ``type``
        (``integer``, ``decimal``, ``date``, ``datetime``, ``year``, ``period``, ``boolean``, ``text``) and ``codes``
        (a code a line: ``1 = yes``); an empty list removes the dictionary
    :type columns: list of dictionaries

    :returns: as ``mainz_dictionary_show``; with ``mainz_proposal`` where the change waits for a decision
    :rtype: dictionary
    """
    toolkit.check_access("resource_update", context, {"id": toolkit.get_or_bust(data, "id")})
    changes = {"id": data["id"], "data_dictionary": _rows(data.get("columns"))}
    changed = toolkit.get_action("resource_patch")(_own(context), changes)
    waits = {outcome.PROPOSAL: changed[outcome.PROPOSAL]} if outcome.PROPOSAL in changed else {}
    return {**_answer(changed["id"], stored(changed)), **waits}


def read(resource: Mapping[str, Any]) -> Structure:
    """The structure of a resource's file, as kept or from its bytes. Raises `toolkit.ValidationError`."""
    if resource.get("url_type") != "upload":
        raise _refused(_("Only the columns of an uploaded file can be read, not those of a link."))
    try:
        return structures.kept(resource) or structures.read(resource)
    except tabular.NotATable as error:
        reason = _(tabular.REFUSALS[error.code]).format(**error.parameters)
        raise _refused(_("The file is not a table:") + " " + reason) from error
    except files.exc.MissingFileError as error:
        raise _refused(_("The file of this resource is missing. Upload it again.")) from error


def _refused(message: str) -> toolkit.ValidationError:
    return toolkit.ValidationError({"id": [message]})


def _resource(context: Any, data: Dict) -> Dict:
    return toolkit.get_action("resource_show")(_own(context), {"id": toolkit.get_or_bust(data, "id")})


def _own(context: Any) -> Any:
    """A context for another action: it may write into it."""
    return dict(context)


def _rows(value: Any) -> list[Dict]:
    try:
        return as_rows(value)
    except RowsError as error:
        raise toolkit.ValidationError({"columns": [str(error)]}) from error


def _answer(resource_id: str, columns: Iterable[Column]) -> Dict:
    return {"resource_id": resource_id, "columns": [one.as_row() for one in columns]}
