"""Commands of the room portal; they hang under ``ckan mainz``."""

from __future__ import annotations

from collections.abc import Iterable

import click
from ckan.plugins import toolkit
from ckanext.mainz.portal.examples import loader

_ = toolkit._


@click.group()
def examples() -> None:
    """The example catalogue: invented datasets, marked as examples."""


@examples.command()
def load() -> None:
    """Load what is missing of the example catalogue, or complete a load that was cut short."""
    with click.progressbar(length=1, label=_("Loading the example catalogue")) as bar:

        def progress(_step: str, done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        summary = loader.load(progress)
    click.echo(
        _("{datasets} datasets and {organizations} organisations loaded.").format(
            datasets=len(summary.datasets), organizations=len(summary.organizations)
        )
    )
    _tell_kept(summary.kept)


@examples.command()
def remove() -> None:
    """Remove all examples: datasets, files and organisations that nobody else uses.

    Whatever bears the mark is removed, also an example that was edited. To keep one, clear its field `is_example`
    first (`status` names those that were changed).
    """
    summary = loader.remove()
    click.echo(
        _("{datasets} datasets and {organizations} organisations removed.").format(
            datasets=len(summary.datasets), organizations=len(summary.organizations)
        )
    )
    _tell_kept(summary.kept)


@examples.command()
def status() -> None:
    """Tell which examples are in the portal, and which of them somebody changed."""
    found = loader.status()
    click.echo(
        _("{public} of {known} example datasets are public, {organizations} example organisations are there.").format(
            public=len(found.public), known=found.known, organizations=len(found.organizations)
        )
    )
    _tell_names(_("Not public:"), found.not_public)
    _tell_names(_("Changed since they were loaded:"), found.changed)
    if found.interrupted:
        click.echo(_("A load was cut short; `ckan mainz examples load` completes it."))


def _tell_kept(kept: Iterable[tuple[str, str]]) -> None:
    for name, reason in kept:
        click.echo(_("Left as it is: {name} ({reason})").format(name=name, reason=reason))


def _tell_names(heading: str, names: tuple[str, ...]) -> None:
    if names:
        click.echo(f"{heading} {', '.join(names)}")
