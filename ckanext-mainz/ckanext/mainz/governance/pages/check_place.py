"""The place of the release check on the page on which a record is handed in.

What the check asks is drawn by the template ``mainz/governance/check_form.html``; this module reads its answers and
gives it what it needs. Until the check has both, nothing is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.mainz.governance.record import Standing

Dict = dict[str, Any]
#: Under this key `mainz_record_submit` says what is wrong with the answers: ``{"check": {question: [sentences]}}``.
ERRORS = "check"


def read(_form: Any) -> Dict:
    """The answers that a form sent, as parameters of `mainz_record_submit`."""
    return {}


def variables(_standing: Standing, _form: Mapping[str, Any], _errors: Mapping[str, Any]) -> Dict:
    """What the template of the check needs."""
    return {}
