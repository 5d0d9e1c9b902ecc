"""The plugin ``mainz_search``: puts the embedded engine behind CKAN's search and the outbox behind its writes."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.foundation.cli import mainz
from ckanext.mainz.foundation.interfaces import IIndex, IndexState
from ckanext.mainz.search import cli, outbox, seam, state


@toolkit.blanket.config_declarations
class SearchPlugin(p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.IClick)
    p.implements(IIndex)

    def update_config(self, config: Any) -> None:  # noqa: ARG002 - the interface's parameter
        seam.install()
        outbox.listen()

    def get_commands(self) -> list[Any]:
        mainz.add_command(cli.search)
        return []

    def index_state(self) -> IndexState:
        return state.read()
