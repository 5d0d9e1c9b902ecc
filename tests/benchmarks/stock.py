"""Stock CKAN with Solr: the side that the portal is compared with.

CKAN's own configuration file and templates, Solr with CKAN's own schema, and the extensions that the portal uses, as
they come. Postgres, Redis, web server, number of workers and languages are the portal's, so that only our
parts differ.

Its datasets have one of two schemas: ckanext-scheming's sample, with what that does not know in free extras, or
ckanext-dcat's own full one (`full_stock`), in which the same records hold what the portal says of them in RDF.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks import catalogue
from tests.benchmarks.services import durable_services
from tests.benchmarks.side import ROOT, Side, discard_unfinished, end, free_port, prepared_token, wait_for
from tests.kit.solr import SolrServer

from ckanext.mainz.runtime.configuration import write_ini
from ckanext.mainz.runtime.folder import DataFolder
from ckanext.mainz.runtime.web import THREADS, WORKERS

Fields = Callable[[int], dict[str, Any]]
PLUGINS = "dcat scheming_datasets harvest datastore"
SAMPLE = {
    "scheming.dataset_schemas": "ckanext.scheming:ckan_dataset.yaml",
    "scheming.presets": "ckanext.scheming:presets.json",
}
FULL = {
    "scheming.dataset_schemas": "ckanext.dcat.schemas:dcat_ap_full.yaml",
    "scheming.presets": "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml",
}
SETTINGS = {
    "ckan.locale_default": "de",
    "ckan.locales_offered": "de en",
    "ckan.locale_order": "de en",
    "ckan.views.default_views": "",
    "search.facets": "organization groups tags res_format license_id",
}


EU = "http://publications.europa.eu/resource/authority"
LICENSE = "http://dcat-ap.de/def/licenses/dl-by-de/2.0"
IANA = "https://www.iana.org/assignments/media-types/"
MEDIA_TYPES = {"CSV": "text/csv", "JSON": "application/json", "PDF": "application/pdf", "ZIP": "application/zip"}


def stock(path: Path, datasets: int, mixed: bool = False) -> AbstractContextManager[Side]:
    """Stock CKAN with ``datasets`` datasets of the sample schema, kept in the folder ``path`` for the next run."""
    return _stock(path, datasets, SAMPLE, extra_fields, mixed)


def full_stock(path: Path, datasets: int, mixed: bool = False) -> AbstractContextManager[Side]:
    """The same with ckanext-dcat's full schema, in a folder of its own."""
    return _stock(path.with_name(f"full-{path.name}"), datasets, FULL, full_fields, mixed)


@contextmanager
def _stock(path: Path, datasets: int, schema: dict[str, str], fields: Fields, mixed: bool) -> Iterator[Side]:
    discard_unfinished(path)
    with durable_services(path) as options, SolrServer(home=path / "solr") as solr:
        port = free_port()
        settings = {"solr_url": solr.url, "ckan.site_url": f"http://127.0.0.1:{port}", "ckan.plugins": PLUGINS}
        environment = configured(path, {**options, **SETTINGS, **schema, **settings})
        with web_server(port, environment):
            side = Side("stock", f"http://127.0.0.1:{port}", environment, fields, mixed=mixed)
            yield prepared_token(side, path, datasets)


def extra_fields(number: int) -> dict[str, Any]:
    """What the portal has fields of its own for, as CKAN's free extras."""
    facts = catalogue.facts(number)
    return {"extras": [{"key": key, "value": value} for key, value in facts.items()]}


def full_fields(number: int) -> dict[str, Any]:
    """What the portal tells of dataset ``number`` in RDF, typed or filled in, in the fields of the full schema."""
    facts = catalogue.facts(number)
    return {
        "theme": [f"{EU}/data-theme/{facts['theme']}"],
        "frequency": f"{EU}/frequency/{facts['frequency']}",
        "contact": [{"name": facts["contact_name"], "email": facts["contact_email"]}],
        "temporal_coverage": [{"start": facts["start"], "end": facts["end"]}],
        "language": [f"{EU}/language/DEU"],
        "access_rights": f"{EU}/access-right/PUBLIC",
        "spatial_coverage": [{"uri": "http://dcat-ap.de/def/politicalGeocoding/regionalKey/073150000000", **MAINZ}],
        "resources": [{**one, **full_resource(one)} for one in catalogue.dataset(number)["resources"]],
    }


MAINZ = {
    "text": "Mainz",
    "bbox": '{"type":"Polygon","coordinates":[[[8.14,49.9],[8.34,49.9],[8.34,50.03],[8.14,50.03],[8.14,49.9]]]}',
    "centroid": '{"type":"Point","coordinates":[8.27,50.0]}',
}


def full_resource(resource: dict[str, str]) -> dict[str, Any]:
    """The same for one of its resources."""
    return {
        "format": f"{EU}/file-type/{resource['format'].upper()}",
        "mimetype": IANA + MEDIA_TYPES.get(resource["format"], "application/octet-stream"),
        "download_url": resource["url"],
        "license": LICENSE,
        "rights": "Alle dürfen die Daten für jeden Zweck nutzen und müssen die Quelle nennen.",
        "availability": f"{EU}/planned-availability/AVAILABLE",
        "language": [f"{EU}/language/DEU"],
    }


def configured(path: Path, settings: dict[str, str]) -> dict[str, str]:
    """CKAN's own configuration file with our values over it, and tables for it; gives the environment that names it."""
    base, file = path / "stock.ini", DataFolder(path).ini
    if not base.exists():
        ckan("generate", "config", str(base))
    write_ini(file, settings, base)
    environment = {"CKAN_INI": str(file)}
    if not (path / "migrated").exists():
        ckan("db", "upgrade", environment=environment)
        (path / "migrated").touch()
    return environment


def ckan(*arguments: str, environment: dict[str, str] | None = None) -> None:
    """Run CKAN's command line; raises CalledProcessError, its output stands on our standard error."""
    command = [Path(sys.executable).with_name("ckan"), *arguments]
    subprocess.run(command, env={**os.environ, **(environment or {})}, stdout=sys.stderr, check=True)


@contextmanager
def web_server(port: int, environment: dict[str, str]) -> Iterator[None]:
    """CKAN behind granian, with as many processes and threads as the portal has."""
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning"]
    size = ["--workers", str(WORKERS), "--blocking-threads", str(THREADS)]
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", *options, *size, "tests.benchmarks.wsgi:application"],
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/api/3/action/status_show")
        yield
    finally:
        end(process)
