"""``ckan mainz search``: prepare, check, rebuild."""

from __future__ import annotations

import click

from ckanext.mainz.search import rebuild as index
from ckanext.mainz.search.prepare import prepare as prepare_index


@click.group(short_help="The search index")
def search() -> None:
    """The search index: prepare, check, rebuild."""


def _show(step: str, done: int, total: int) -> None:
    click.echo(f"\r{step}: {done} of {total}", nl=done == total, err=True)


@search.command()
def prepare() -> None:
    """Makes the index ready: builds it if it is missing, damaged or old, else brings in what is waiting."""
    prepare_index(_show)


@search.command()
def rebuild() -> None:
    """Builds the index anew while the old one answers."""
    click.echo(f"{index.rebuild(_show)} datasets indexed.")


@search.command()
@click.option("--repair", is_flag=True, help="Index again what differs.")
def check(repair: bool) -> None:
    """Compares the index with the database, record by record. Exit status 1 if they differ and were not repaired."""
    drift = index.check(_show)
    for name in ("missing", "outdated", "ghosts", "unreadable"):
        for package_id in getattr(drift, name):
            click.echo(f"{name}: {package_id}")
    click.echo(f"{drift.checked} datasets checked, {len(drift.ids()) + len(drift.unreadable)} differ.")
    if repair:
        index.repair(drift.ids())
        click.echo(f"{len(drift.ids())} repaired.")
    raise SystemExit(1 if drift.unreadable or (drift.ids() and not repair) else 0)
