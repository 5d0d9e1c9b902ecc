"""What CKAN is at an address: for whoever enters a source and wants to know whether it is the right one."""

from __future__ import annotations

import json

from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest.ckan import mapping
from ckanext.mainz.harvest.ckan.api import Api, ApiError, Record, base_of, is_unknown
from ckanext.mainz.harvest.ckan.walking import EMPTY, NO_LIST, SORT, is_public
from ckanext.mainz.harvest.dcat.checking import Check
from ckanext.mainz.harvest.dcat.finishing import Portal
from ckanext.mainz.harvest.dcat.identifiers import host_of
from ckanext.mainz.harvest.dcat.reasons import reason_of
from ckanext.mainz.harvest.dcat.settings import PortalSettings
from ckanext.mainz.harvest.kinds import Candidate
from ckanext.mainz.harvest.report import Reason

FORM = "CKAN"
ROWS = 10


def check(session: Session, url: str, base_uri: str = "") -> Check:
    """Asks for the first records and how many there are. Raises nothing."""
    api = Api(session, base_of(url))
    try:
        records, total = _first(api)
    except ReadableError as error:
        return Check(api.base, problems=(reason_of("unreadable", error),))
    portal = Portal(PortalSettings(), host_of(api.base), base_uri)
    found = [mapping.candidate(json.dumps(one).encode(), portal, api.base) for one in records if is_public(one)]
    problems = () if found else (Reason("empty", EMPTY, {"url": api.base}),)
    return Check(api.base, FORM, len(records), total, _best(found), {}, problems)


def _best(found: list[Candidate]) -> Candidate | None:
    """The first record that would be taken, else the first one with the reason why it would not."""
    return next((one for one in found if one.package is not None), found[0] if found else None)


def _first(api: Api) -> tuple[list[Record], int | None]:
    try:
        found = api.ask("package_search", rows=ROWS, sort=SORT)
    except ReadableError as error:
        if not is_unknown(error):
            raise
        names = api.ask("package_list")
        if not isinstance(names, list):
            raise ApiError(NO_LIST, 0, url=api.base) from error
        return [api.ask("package_show", id=one) for one in names[:1]], len(names)
    records = found.get("results") if isinstance(found, dict) else None
    if not isinstance(records, list):
        raise ApiError(NO_LIST, 0, url=api.base)
    total = found.get("count")
    return [one for one in records if isinstance(one, dict)], total if isinstance(total, int) else None
