"""The plugin ``mainz_harvest``: how records arrive. It must stand after ``harvest`` in ``ckan.plugins``."""

from __future__ import annotations

import json
from typing import Any

import ckan.model as model
import ckan.plugins as p
from ckan import logic
from ckan.plugins import toolkit
from ckanext.harvest.interfaces import IHarvester

from ckanext.mainz.foundation.cli import mainz
from ckanext.mainz.foundation.errors import N_, Message
from ckanext.mainz.harvest import actions, cli, jobs, sources, views

_ = toolkit._
SOURCE = "harvest"
BY_ITSELF = N_("This portal runs its sources by itself: use ckan mainz harvest run.")


@toolkit.blanket.config_declarations
class HarvestPlugin(p.SingletonPlugin):
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IBlueprint)
    p.implements(p.IClick)
    p.implements(p.IConfigurer)
    p.implements(p.IPackageController, inherit=True)

    def get_actions(self) -> dict[str, Any]:
        chained = {"harvest_source_reindex": harvest_source_reindex, "harvest_job_create": harvest_job_create}
        return {**actions.get_actions(), **chained}

    def get_auth_functions(self) -> dict[str, Any]:
        return actions.get_auth_functions()

    def get_blueprint(self) -> list[Any]:
        return views.get_blueprints()

    def update_config(self, config: Any) -> None:
        toolkit.add_template_directory(config, "templates")

    def get_commands(self) -> list[Any]:
        mainz.add_command(cli.harvest)
        return []

    def after_dataset_create(self, context: Any, data: dict[str, Any]) -> None:  # noqa: ARG002 - the interface's
        """ckanext-harvest has only added its row to a session without autoflush, and its next reader finds nothing."""
        if data.get("type") == SOURCE:
            model.Session.flush()


class SourceType(p.SingletonPlugin):
    """A source type in ckanext-harvest's forms. Its queue is not used."""

    kind = ""
    title = ""
    description = Message("")

    def info(self) -> dict[str, str]:
        return {"name": self.kind, "title": self.title, "description": _(self.description)}

    def validate_config(self, config: str) -> str:
        try:
            found = sources.checked(sources.kinds()[self.kind], "", config or "")
        except toolkit.ValidationError as error:
            raise ValueError(" ".join(map(str, error.error_dict.values()))) from error
        return json.dumps(found, ensure_ascii=False, indent=2) if found else ""

    def gather_stage(self, harvest_job: Any) -> list[str]:
        raise NotImplementedError(BY_ITSELF)

    fetch_stage = import_stage = gather_stage


class CswHarvester(SourceType):
    p.implements(IHarvester)
    kind, title = "mainz_csw", "CSW (ISO 19139)"
    description = N_("A metadata catalogue of the geodata infrastructure")


class DuvaHarvester(SourceType):
    p.implements(IHarvester)
    kind, title = "mainz_duva", "DUVA"
    description = N_("Export files or an interface of the statistics system DUVA")


class DcatHarvester(SourceType):
    p.implements(IHarvester)
    kind, title = "mainz_dcat", "DCAT-AP"
    description = N_("A catalogue in RDF, as open data portals give it out")


class CkanHarvester(SourceType):
    p.implements(IHarvester)
    kind, title = "mainz_ckan", "CKAN"
    description = N_("An open data portal with CKAN's Action API")


@toolkit.chained_action
def harvest_source_reindex(_original: Any, context: Any, data: dict[str, Any]) -> bool:
    """ckanext-harvest's own stores in the index what it has not validated, and the type of the source is lost."""
    toolkit.check_access("harvest_source_reindex", context, data)
    logic.index_update_package(context, toolkit.get_or_bust(data, "id"))
    return True


@toolkit.chained_action
def harvest_job_create(original: Any, context: Any, data: dict[str, Any]) -> Any:
    """For sources of ours the worker is asked for a run; ckanext-harvest's queue has no consumers here."""
    source = sources.find(str(data.get("source_id") or ""))
    if source is None or source.type not in sources.kinds():
        return original(context, data)
    toolkit.check_access("harvest_job_create", context, data)
    return {"source_id": source.id, "asked": jobs.ask(str(source.id), str(source.title or source.url))}
