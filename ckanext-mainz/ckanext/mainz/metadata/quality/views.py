"""The page about the quality of the whole catalogue, and its table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from ckan.common import current_user
from ckan.plugins import toolkit
from flask import Blueprint, Response, request

from ckanext.mainz.foundation import csv_lines
from ckanext.mainz.metadata.quality import mqa, store, words

_ = toolkit._
PER_PAGE = 50
MOST = 1000

quality = Blueprint("mainz_quality", __name__)


@dataclass(frozen=True)
class Asked:
    """What the address of the page says."""

    organization: str
    sort: str
    page: int

    def address(self, page: int) -> str:
        """The address of another page of the same list."""
        chosen = {"organization": self.organization, "sort": self.sort, "page": page if page > 1 else ""}
        query = urlencode({name: value for name, value in chosen.items() if value})
        return toolkit.h.url_for("mainz_quality.catalogue") + (f"?{query}" if query else "")


@quality.route("/quality")
def catalogue() -> Any:
    """Scores of all public datasets."""
    asked = Asked(request.args.get("organization", ""), request.args.get("sort", ""), _page())
    try:
        found = _list(asked.organization, asked.sort, PER_PAGE, (asked.page - 1) * PER_PAGE)
    except toolkit.ValidationError:
        return toolkit.abort(404, _("There is no organisation with this address."))
    return toolkit.render(
        "mainz/quality.html",
        {
            "asked": asked,
            "found": found,
            "first": (asked.page - 1) * PER_PAGE + 1,
            "last_page": -(-found["count"] // PER_PAGE),
            "dimensions": dimensions(),
            "organizations": store.organizations(),
            "csv": _csv_address(asked.organization),
        },
    )


@quality.route("/quality.csv")
def table() -> Response:
    """Scores of all public datasets as CSV in UTF-8, with semicolons, as German spreadsheets open it."""
    organization = request.args.get("organization", "")
    try:
        text = "".join(_lines(organization))
    except toolkit.ValidationError:
        return toolkit.abort(404, _("There is no organisation with this address."))
    response = Response(csv_lines.MARK + text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="quality.csv"'
    return response


def dimensions() -> list[dict[str, Any]]:
    """The dimensions of the assessment with their names."""
    return [
        {"code": one.code, "label": _(words.DIMENSIONS[one.code]), "maximum": one.maximum}
        for one in mqa.scheme().dimensions
    ]


def _lines(organization: str) -> Any:
    codes = [one.code for one in mqa.scheme().dimensions]
    about = ["id", "name", "title", "organization", "score", "maximum", "rating"]
    yield csv_lines.line([*about, *codes, "rules", "computed"])
    offset = 0
    while results := _list(organization, "title", MOST, offset)["results"]:
        for one in results:
            fixed = [one["id"], one["name"], one["title"], one["organization"]["title"], one["score"], one["maximum"]]
            points = [one["dimensions"].get(code, 0) for code in codes]
            yield csv_lines.line([*fixed, one["rating"], *points, one["rules"], one["computed"]])
        offset += MOST


def _list(organization: str, sort: str, limit: int, offset: int) -> dict[str, Any]:
    asked = {"organization": organization, "sort": sort, "limit": limit, "offset": offset}
    return toolkit.get_action("mainz_catalogue_quality_list")({"user": current_user.name}, asked)


def _page() -> int:
    given = request.args.get("page", "1")
    return min(int(given), 100_000) if given.isascii() and given.isdigit() and int(given) > 0 else 1


def _csv_address(organization: str) -> str:
    address = toolkit.h.url_for("mainz_quality.table")
    return f"{address}?{urlencode({'organization': organization})}" if organization else address
