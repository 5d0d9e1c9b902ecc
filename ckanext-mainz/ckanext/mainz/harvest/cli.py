"""``ckan mainz harvest``: run a source in the foreground, ask what an address is, clean up."""

from __future__ import annotations

import json

import click
from ckan.plugins import toolkit

from ckanext.mainz.foundation import config as foundation
from ckanext.mainz.foundation.http import Session
from ckanext.mainz.harvest import checking, retention, runs, sources
from ckanext.mainz.harvest.locks import SourceBusy
from ckanext.mainz.harvest.report import Report
from ckanext.mainz.harvest.runs import Options


@click.group(short_help="Harvest sources")
def harvest() -> None:
    """Harvest sources: run, check, clean."""


@harvest.command(name="run")
@click.argument("source")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would be done.")
@click.option("--confirm", is_flag=True, help="Go on although more records are missing than may be.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def run_(source: str, dry_run: bool, confirm: bool, as_json: bool) -> None:
    """Runs SOURCE (id or name) to its end. Exit status 1 if it was stopped or has failed."""
    row = sources.find(source)
    if row is None:
        raise click.ClickException(f"There is no harvest source {source}.")
    try:
        ready, kind = sources.ready(row)
        report = runs.run(ready, kind, Session(foundation.http_policy()), Options(dry_run, confirm))
    except toolkit.ValidationError as error:
        raise click.ClickException(f"The configuration of the source cannot be used: {error.error_dict}") from error
    except LookupError as error:
        raise click.ClickException(f"Sources of the type {row.type} are not run by this portal.") from error
    except SourceBusy as error:
        raise click.ClickException("Another run of this source goes on.") from error
    click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2) if as_json else _told(report))
    raise SystemExit(0 if report.state == "finished" else 1)


def _told(report: Report) -> str:
    lines = [", ".join(f"{number} {name}" for name, number in report.figures().items())]
    lines += [one.sentence() for one in (report.stopped, report.failed, *report.problems) if one]
    for entry in report.entries:
        why = ": " + "; ".join(one.sentence() for one in entry.reasons) if entry.reasons else ""
        waits = " (waits)" if entry.waits else ""
        lines.append(f"{entry.outcome}: {entry.title or entry.guid}{waits}{why}")
    return "\n".join(lines)


@harvest.command()
@click.argument("url")
def check(url: str) -> None:
    """Says what the address URL is and which source type would fit. Exit status 1 if none does."""
    found, asked = checking.fitting(Session(foundation.http_policy()), url)
    for one in [found] if found else asked:
        click.echo("\n".join(one.lines()))
    if found is None:
        raise click.ClickException("No source type fits this address.")


@harvest.command()
@click.option("--kept", type=click.IntRange(1), default=retention.KEPT, show_default=True, help="Runs to keep.")
def clean(kept: int) -> None:
    """Removes rows of old runs."""
    for name, number in retention.clean(kept).items():
        click.echo(f"{name}: {number}")
