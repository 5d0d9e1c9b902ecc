"""``ckan mainz``: the group under which every room hangs its commands."""

from __future__ import annotations

import click

from ckanext.mainz.foundation import file_cleaning

HOUR = 3600


@click.group(short_help="Open data portal Mainz")
def mainz() -> None:
    """Commands of the open data portal Mainz."""


@mainz.group(short_help="Uploaded files")
def files() -> None:
    """Uploaded files of resources."""


@files.command()
@click.option("--older-than", "hours", type=click.FloatRange(0), default=24, show_default=True, help="Age in hours.")
@click.option("--dry-run", is_flag=True, help="Show what would be removed, remove nothing.")
def clean(hours: float, dry_run: bool) -> None:
    """Removes files that no resource points to: replaced and deleted ones, uploads cut short."""
    age = hours * HOUR
    found = list(file_cleaning.leftovers(age)) if dry_run else file_cleaning.clean(age)
    for leftover in found:
        click.echo(f"{leftover.location}  {leftover.size} bytes")
    total = sum(leftover.size for leftover in found)
    click.echo(f"{len(found)} files, {total} bytes {'would be ' if dry_run else ''}removed.")
