"""CKAN's registries of actions, authorisation functions, validators and helpers, filled before the first request.

CKAN 2.12 fills them at their first use, without a lock and core's functions first. A second thread that comes in that
moment gets an action without what plugins chained to it, an authorisation function without the plugin's stricter one,
or a server error.
"""

from __future__ import annotations

from ckan import authz
from ckan.plugins import toolkit


def fill() -> None:
    """Fills all registries. Called while the application is being made, when there is one thread only."""
    toolkit.get_action("package_show")
    authz.auth_functions_list()
    toolkit.get_validator("not_empty")
    toolkit.h.lang  # noqa: B018  the look-up is what loads the helpers
