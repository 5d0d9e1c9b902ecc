"""Commands of the room portal; they hang under ``ckan mainz``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from ckanext.mainz.portal.examples import loader


@click.group(short_help="The example catalogue")
def examples() -> None:
    """The example catalogue: invented datasets of the city, marked as examples."""


@examples.command()
def load() -> None:
    """Load what is missing of the example catalogue, or complete a load that was cut short."""
    done = loader.load(_show)
    click.echo(f"{_counted(done)} loaded.")
    _tell_kept(done.kept)


@examples.command()
def remove() -> None:
    """Remove all examples: datasets, entries of the inventory, files and the organisations that nobody else uses.

    Whatever bears the mark goes, also an example that was edited. To keep one, clear its field is_example first;
    `status` names those that were changed.
    """
    done = loader.remove()
    click.echo(f"{_counted(done)} removed.")
    _tell_kept(done.kept)


@examples.command()
def status() -> None:
    """Tell which examples are in the portal, and which of them somebody changed."""
    found = loader.status()
    click.echo(f"{len(found.public)} of {found.known} example datasets are public.")
    click.echo(f"{len(found.entries)} examples are in the inventory.")
    click.echo(f"{len(found.organizations)} example organisations are there.")
    _tell_names("Not public", found.not_public)
    _tell_names("Changed since they were loaded", found.changed)
    if found.interrupted:
        click.echo("A load was cut short: `ckan mainz examples load` completes it.")


def _counted(done: loader.Summary) -> str:
    return (
        f"{len(done.datasets)} datasets, {len(done.entries)} entries of the inventory and"
        f" {len(done.organizations)} organisations"
    )


def _show(step: str, done: int, total: int) -> None:
    click.echo(f"\r{step}: {done} of {total}", nl=done == total, err=True)


def _tell_kept(kept: Iterable[tuple[str, str]]) -> None:
    for name, reason in kept:
        click.echo(f"{name} stays: {reason}.")


def _tell_names(heading: str, names: Iterable[str]) -> None:
    if listed := ", ".join(names):
        click.echo(f"{heading}: {listed}")
