"""``ckan mainz``: the group under which every room hangs its commands."""

from __future__ import annotations

import click


@click.group(short_help="Open data portal Mainz")
def mainz() -> None:
    """Commands of the open data portal Mainz."""
