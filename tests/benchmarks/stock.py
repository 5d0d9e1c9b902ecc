"""Stock CKAN with Solr: the side that the portal is compared with.

CKAN's own configuration file and templates, Solr with CKAN's own schema, and the extensions that the portal uses, as
they come. Postgres, Redis, web server, number of workers and languages are the portal's, so that only our
parts differ.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks import catalogue
from tests.benchmarks.services import durable_services
from tests.benchmarks.side import ROOT, Side, discard_unfinished, end, free_port, prepared_token, wait_for
from tests.kit.solr import SolrServer

from ckanext.mainz.runtime.configuration import write_ini
from ckanext.mainz.runtime.folder import DataFolder
from ckanext.mainz.runtime.web import THREADS, WORKERS

PLUGINS = "dcat scheming_datasets harvest datastore"
SETTINGS = {
    "scheming.dataset_schemas": "ckanext.scheming:ckan_dataset.yaml",
    "scheming.presets": "ckanext.scheming:presets.json",
    "ckan.locale_default": "de",
    "ckan.locales_offered": "de en",
    "ckan.locale_order": "de en",
    "ckan.views.default_views": "",
    "search.facets": "organization groups tags res_format license_id",
}


@contextmanager
def stock(path: Path, datasets: int) -> Iterator[Side]:
    """Stock CKAN with ``datasets`` datasets, kept in the folder ``path`` for the next run."""
    discard_unfinished(path)
    with durable_services(path) as options, SolrServer(home=path / "solr") as solr:
        port = free_port()
        settings = {"solr_url": solr.url, "ckan.site_url": f"http://127.0.0.1:{port}", "ckan.plugins": PLUGINS}
        environment = configured(path, {**options, **SETTINGS, **settings})
        with web_server(port, environment):
            side = Side("stock", f"http://127.0.0.1:{port}", environment, extra_fields)
            yield prepared_token(side, path, datasets)


def extra_fields(number: int) -> dict[str, Any]:
    """What the portal has fields of its own for, as CKAN's free extras."""
    facts = catalogue.facts(number)
    return {"extras": [{"key": key, "value": value} for key, value in facts.items()]}


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
