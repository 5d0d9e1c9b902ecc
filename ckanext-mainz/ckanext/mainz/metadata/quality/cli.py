"""``ckan mainz quality``: scores and links."""

from __future__ import annotations

import click
from ckan.plugins import toolkit

from ckanext.mainz.metadata.quality import assessing, jobs, links, store, words
from ckanext.mainz.metadata.quality.mqa import State, scheme


@click.group(short_help="Quality of metadata")
def quality() -> None:
    """Quality of metadata: the assessment of data.europa.eu and the rules of DCAT-AP.de."""


@quality.command()
@click.argument("dataset", required=False)
@click.option("--links", "ask", is_flag=True, help="Ask all links first, as the nightly round does.")
def score(dataset: str | None, ask: bool) -> None:
    """Scores all datasets anew, or shows the points of one (id or name)."""
    if dataset:
        _show(dataset)
        return
    if ask:
        jobs.nightly()
    else:
        jobs.score_all(jobs.datasets())
    summary = store.summary(store.Question())
    click.echo(f"{summary.count} public datasets, median {summary.median:g} of {scheme().maximum} points.")
    for code, count in summary.ratings.items():
        click.echo(f"{words.RATINGS[code]}: {count}")


@quality.command("links")
def show_links() -> None:
    """Lists the links that did not answer when they were last asked."""
    broken = links.broken()
    for answer in broken:
        click.echo(answer.sentence())
    click.echo(f"{len(broken)} links do not answer.")


def _show(dataset: str) -> None:
    try:
        assessment = assessing.assess(assessing.stored(dataset))
    except toolkit.ObjectNotFound as error:
        raise click.ClickException(f"There is no dataset {dataset!r}.") from error
    for point in assessment.score.points:
        said = words.METRICS[point.metric.code]
        advice = "" if point.state is State.MET else f"  {said.advice}"
        click.echo(f"{point.earned:>3} of {point.metric.points:>2}  {said.label}{advice}")
    for finding in assessment.findings:
        click.echo(f"{finding.field}: {finding.text()}")
    click.echo(f"{assessment.score.total} of {scheme().maximum} points.")
