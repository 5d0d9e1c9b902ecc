"""The plugin ``mainz_search``: puts the embedded engine behind CKAN's search and the outbox behind its writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins as p
from ckan.plugins import toolkit

from ckanext.mainz.foundation.cli import mainz
from ckanext.mainz.foundation.interfaces import IIndex, Indexed, IndexState
from ckanext.mainz.search import cli, config, embedded, outbox, public, seam
from ckanext.mainz.search.state import read


@toolkit.blanket.config_declarations
class SearchPlugin(p.SingletonPlugin):
    p.implements(p.IConfigurer)
    p.implements(p.IClick)
    p.implements(IIndex)

    def update_config(self, _config: Any) -> None:
        embedded.depend_on("secret", config.secret_mark)
        seam.install()
        outbox.listen()

    def get_commands(self) -> list[Any]:
        mainz.add_command(cli.search)
        return []

    def index_state(self) -> IndexState:
        return read()

    def public_records(
        self,
        filters: Sequence[str],
        rows: int,
        start: int = 0,
        sort: str = "",
        *,
        ids_only: bool = False,
        state: IndexState | None = None,
    ) -> Indexed:
        return public.find(filters, {"rows": rows, "start": start, "sort": sort}, state or read(), ids_only=ids_only)
