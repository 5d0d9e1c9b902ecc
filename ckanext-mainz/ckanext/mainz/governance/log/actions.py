"""The action that reads the decision log."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit

from ckanext.mainz.governance import decisions, people
from ckanext.mainz.governance.chains import merged
from ckanext.mainz.governance.log import acting, asked, report

Dict = dict[str, Any]


def get_actions() -> Dict:
    return merged(acting.get_actions(), {"mainz_decision_list": mainz_decision_list})


@toolkit.side_effect_free
def mainz_decision_list(context: Any, data: Dict) -> Dict:
    """Decisions on records, roles and memberships, newest first.

    :param id: id or name of a record, for decisions on it only
    :type id: string
    :param organization: id or name of an organisation, for decisions in it only
    :type organization: string
    :param action: what was done, such as ``release``
    :type action: string
    :param since: the first day (``2026-01-31``, in the time zone of the portal) or moment (ISO 8601)
    :type since: string
    :param until: the last day, which counts as a whole, or the moment before which it was
    :type until: string
    :param limit: how many, at most 1000 (default: 50)
    :type limit: integer
    :param offset: how many to pass over
    :type offset: integer

    The Geschäftsstelle and administrators see all, Datenverantwortliche those of their organisations and of the records
    that these have; nobody else sees any.

    :returns: ``count`` over all, and ``results``: ``id``, ``at``, ``action``, ``action_label``, ``actor`` and
        ``subject`` (``id``, ``name``, ``title``; none for nobody and for those who were deleted), ``role``,
        ``role_label``, ``record`` and ``organization`` (``id``, ``name``, ``title``; none where it is about none),
        ``before`` and ``after`` (what changed), ``reason``, ``reason_label``, ``note``
    :rtype: dictionary

    Raises NotAuthorized, and ValidationError for parameters that mean nothing.
    """
    toolkit.check_access("mainz_decision_list", context, data)
    question = asked.question(people.acting(context), data)
    return {
        "count": decisions.count(question),
        "results": [report.row(one) for one in decisions.find(question)],
    }
