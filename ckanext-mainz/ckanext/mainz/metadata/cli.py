"""``ckan mainz metadata``: validate, export, import, vocabularies."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from ckan.plugins import toolkit

from ckanext.mainz.foundation.errors import ReadableError
from ckanext.mainz.metadata import rdf, vocabulary
from ckanext.mainz.metadata.catalogue import records
from ckanext.mainz.metadata.rdf import formats, importing

if TYPE_CHECKING:
    from ckanext.mainz.metadata.rdf.shapes import ShapeResult

BATCH = 100
Package = dict[str, Any]
PROFILE = click.option(
    "--profile",
    type=click.Choice(list(rdf.PROFILES)),
    default=rdf.V3.name,
    show_default=True,
    help="Form of DCAT-AP.de.",
)


@click.group(short_help="Metadata as DCAT-AP.de")
def metadata() -> None:
    """Metadata as DCAT-AP.de: validate, export, import, vocabularies."""


@metadata.command()
@click.argument("record", required=False)
@click.option("--shapes", "folder", type=click.Path(path_type=Path), help="Folder with files of SHACL shapes.")
@PROFILE
def validate(record: str | None, folder: Path | None, profile: str) -> None:
    """Checks all public records, or one (id or name): what RDF had to leave out or mend, and what the shapes say.

    Exit status 1 if a shape is violated or warns, or a value was left out.
    """
    judge = _judge(folder) if folder else None
    counts: Counter[str] = Counter()
    for packages in _batches(_packages(record)):
        counts["records"] += len(packages)
        made = [_effective(package) for package in packages]
        for package, one in zip(packages, made, strict=True):
            counts.update(_tell_problems(package, one))
        if judge is not None:
            described = [rdf.describe(one.record, rdf.rdf_settings(), rdf.PROFILES[profile]) for one in made]
            counts.update(_tell_results(judge(_document(described, ""))))
    click.echo(", ".join(f"{count} {name}" for name, count in counts.items()) + ".")
    raise SystemExit(1 if counts["left out"] or counts["Violation"] or counts["Warning"] else 0)


@metadata.command()
@click.argument("record", required=False)
@click.option("--format", "form", type=click.Choice(list(formats.FORMATS)), default="ttl", show_default=True)
@click.option("--output", type=click.Path(path_type=Path), help="File to write; standard output without it.")
@PROFILE
def export(record: str | None, form: str, output: Path | None, profile: str) -> None:
    """Writes the whole catalogue, or one public record (id or name), as RDF."""
    described = [
        rdf.describe(_effective(package).record, rdf.rdf_settings(), rdf.PROFILES[profile])
        for package in _packages(record)
    ]
    own = rdf.document(described) if record else _document(described, records.newest_modification(None))
    data = rdf.written(own, form)
    if output is None:
        sys.stdout.buffer.write(data)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise click.ClickException(f"{output} cannot be written: {error.strerror}.") from error
    click.echo(f"{len(described)} records written to {output}.")


@metadata.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--organization", required=True, help="Whose records they become (id or name).")
@click.option("--format", "form", type=click.Choice(formats.READABLE), help="Form of the file; else told by its name.")
@click.option("--submit", is_flag=True, help="Hand new records in for release; else they are left as drafts.")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="QUESTION=ANSWER",
    help="With --submit: an answer of the release check that holds for all of them; may be given often.",
)
@click.option("--dry-run/--apply", default=True, show_default=True, help="Only show what would happen, or do it.")
def import_(
    file: Path, organization: str, form: str | None, submit: bool, answers: tuple[str, ...], dry_run: bool
) -> None:
    """Takes in the records of a file of RDF, new ones as drafts; what would change a released record is proposed.

    A record that is refused stops no other; exit status 1 if there is one.
    """
    try:
        found = rdf.read(
            _content(file),
            form or formats.format_of(file.name),
            base_uri=rdf.rdf_settings().base_uri,
            source=file.name,
        )
        if not found.all:
            raise click.ClickException(f"{file.name} describes no dataset, series or data service.")
        given = {code: answer for code, _equals, answer in (one.partition("=") for one in answers)}
        wishes = importing.Wishes(organization, submit, given, apply=not dry_run)
        taken_in = [_tell_imported(one) for one in importing.take_in(found, wishes)]
    except ReadableError as error:
        raise click.ClickException(str(error)) from error
    except toolkit.ObjectNotFound as error:
        raise click.ClickException(f"There is no organisation {organization!r}.") from error
    outcomes = Counter(one.outcome for one in taken_in)
    told = ", ".join(f"{outcomes[one]} {one}" for one in importing.Outcome)
    click.echo(f"{told}.{' Nothing was saved; --apply saves.' if dry_run else ''}")
    raise SystemExit(1 if any(one.errors for one in taken_in) else 0)


@metadata.command()
@click.argument("name", required=False)
@click.option("--check", is_flag=True, help="Check labels, double names and terms that are no longer valid.")
def vocabularies(name: str | None, check: bool) -> None:
    """Lists the vocabularies, or the terms of one; --check exits with status 1 if something is wrong."""
    if name is not None and name not in vocabulary.names():
        raise click.ClickException(f"There is no vocabulary {name!r}. There are: {', '.join(vocabulary.names())}.")
    chosen = [name] if name else vocabulary.names()
    if check:
        wrong = [line for one in chosen for line in _wrong_terms(one)]
        _tell(wrong)
        click.echo(f"{len(chosen)} vocabularies checked, {len(wrong)} findings.")
        raise SystemExit(1 if wrong else 0)
    if name:
        _tell(f"{term.code:<24} {term.de}  {term.uri}" for term in vocabulary.terms(name))
        return
    _tell(
        f"{one}: {len(vocabulary.terms(one))} terms, {len(vocabulary.offered(one))} of them in forms" for one in chosen
    )


def _content(file: Path) -> bytes:
    """What is in a file; of one that is too large no more than what shows that."""
    with file.open("rb") as opened:
        return opened.read(formats.LIMITS.max_bytes + 1)


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def _packages(record: str | None) -> Iterator[Package]:
    if not record:
        for found in records.every(BATCH):
            yield from found
        return
    package = records.show(record)
    if package is None:
        raise click.ClickException(f"There is no public record {record!r}.")
    yield package


def _batches(packages: Iterator[Package]) -> Iterator[list[Package]]:
    while batch := list(islice(packages, BATCH)):
        yield batch


def _effective(package: Package) -> rdf.Effective:
    owner = str(package.get("owner_org") or "")
    organisation = records.organisations({owner}).get(owner)
    public = records.public_among(references) if (references := rdf.references(package)) else frozenset[str]()
    return rdf.effective(package, organisation, rdf.rdf_settings(), is_public=public.__contains__)


def _document(described: list[rdf.Described], modified: str) -> list[Any]:
    datasets = [one.uri for one in described if one.kind == records.DATASET]
    services = [uri for one in described for uri in one.services]
    return [*rdf.catalogue(rdf.rdf_settings(), modified, datasets, services), *rdf.document(described)]


def _judge(folder: Path) -> Callable[[list[Any]], list[ShapeResult]]:
    from ckanext.mainz.metadata.rdf import shapes  # pyshacl is large, and no web server needs it

    try:
        return partial(shapes.judge, shapes=shapes.load(folder))
    except FileNotFoundError as error:
        raise click.ClickException(str(error)) from error


def _tell_problems(package: Package, made: rdf.Effective) -> Iterator[str]:
    for one in made.problems:
        place = one.field if one.resource is None else f"resources.{one.resource}.{one.field}"
        click.echo(f"{package['name']}: {place}: {one.text()}")
        yield "mended" if one.repaired else "left out"


def _tell_results(results: list[ShapeResult]) -> Iterator[str]:
    for one in results:
        click.echo(f"{one.node}: {one.severity}: {one.path} {one.message} {one.value}".rstrip())
        yield one.severity


def _tell_imported(one: importing.Imported) -> importing.Imported:
    click.echo(f"{one.outcome}: {one.name or one.read.uri} {one.read.package.get('title', '')}".rstrip())
    for field, messages in (one.errors or {}).items():
        click.echo(f"  {field}: {messages}")
    for problem in one.problems or one.read.problems:
        place = problem.field if problem.resource is None else f"resources.{problem.resource}.{problem.field}"
        click.echo(f"  {place}: {problem.text()}")
    for lost in one.read.unheld:
        click.echo(f"  not held: {lost.path} {lost.value}")
    return one


def _wrong_terms(name: str) -> Iterator[str]:
    seen: set[str] = set()
    for term in vocabulary.terms(name):
        if term.uri in seen:
            yield f"{name}: {term.uri} stands twice."
        seen.add(term.uri)
        if not term.de or not term.en:
            yield f"{name}: {term.uri} lacks a German or English label."
        if term.offered and not term.is_valid(date.today()):
            yield f"{name}: {term.uri} is offered in forms but not valid today."
        if vocabulary.match(name, term.uri) is not term:
            yield f"{name}: {term.uri} is not found by its own URI."
