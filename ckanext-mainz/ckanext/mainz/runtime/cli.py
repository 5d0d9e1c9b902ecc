"""The command line behind `./portal`: what may be typed, and where each command lives."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ckanext.mainz.runtime import commands
from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.folder import default_root


class Verb(NamedTuple):
    """A command: what it does, said in one line, its own options, whether it passes the rest of the line on."""

    run: Callable[[argparse.Namespace], int]
    summary: str
    options: Callable[[argparse.ArgumentParser], None] = lambda _: None
    passes_rest: bool = False


def main(argv: list[str] | None = None) -> int:
    """Run one command. What the operator can mend is said in one sentence on standard error, exit status 1."""
    try:
        return run(sys.argv[1:] if argv is None else argv)
    except PortalError as error:
        print(f"portal: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 1


def run(argv: list[str]) -> int:
    parser = build_parser()
    arguments, rest = parser.parse_known_args(_guard_rest(argv))
    if arguments.verb in (None, "help"):
        parser.print_help()
        return 0
    if rest:
        parser.error(f"unknown: {' '.join(rest)}")
    return VERBS[arguments.verb].run(arguments)


def _guard_rest(argv: list[str]) -> list[str]:
    """Put `--` before the part of the line that is not ours: `ckan --data DIR -- user list --help`."""
    if not argv or argv[0] not in VERBS or not VERBS[argv[0]].passes_rest:
        return argv
    own = 1
    while own < len(argv) and argv[0] == "ckan" and argv[own].startswith("--data"):
        own += 1 if "=" in argv[own] else 2
    return [*argv[:own], "--", *argv[own:]]


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; docs/operators/running.md is tested against it."""
    parser = argparse.ArgumentParser(
        prog="portal", description="Open data portal Mainz: run it, look after it, test it.", allow_abbrev=False
    )
    verbs = parser.add_subparsers(dest="verb", title="commands", metavar="COMMAND")
    for name, verb in VERBS.items():
        own = verbs.add_parser(name, help=verb.summary, description=verb.summary, allow_abbrev=False)
        verb.options(own)
        if verb.passes_rest:
            own.add_argument("rest", nargs="*", metavar="ARGUMENT")
    return parser


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        default=default_root(),
        metavar="DIR",
        help="data folder (default: $PORTAL_DATA, else var/)",
    )


def _up(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.add_argument("--port", type=_port, default=5000, metavar="N", help="port (default: 5000)")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="H", help="address (default: 127.0.0.1; 0.0.0.0 lets others in)"
    )
    parser.add_argument("--empty", action="store_true", help="leave the example catalogue out at the first start")


def _port(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; give a number from 1 to 65535")
    return int(text)


def _logs(parser: argparse.ArgumentParser) -> None:
    _data(parser)
    parser.add_argument("-f", "--follow", action="store_true", help="go on showing new lines until Ctrl-C")
    parser.add_argument(
        "-n", "--lines", type=int, default=20, metavar="N", help="last lines of each part (default: 20)"
    )
    parser.add_argument(
        "part",
        nargs="*",
        metavar="PART",
        help="web, worker, scheduler, indexer, postgres, redis, prepare (default: all)",
    )


VERBS: dict[str, Verb] = {
    "up": Verb(commands.up, "start the portal and keep it running until Ctrl-C", _up),
    "down": Verb(commands.down, "stop the portal that runs on this data folder", _data),
    "status": Verb(commands.status, "say what runs, since when, and how much memory it takes", _data),
    "logs": Verb(commands.logs, "show what the parts have written", _logs),
    "ckan": Verb(
        commands.ckan, "run a CKAN command in this portal, for example: ckan user list", _data, passes_rest=True
    ),
    "test": Verb(commands.test, "run all tests, or: test unit, test integration, test browser", passes_rest=True),
    "help": Verb(lambda _: 0, "say this"),
}
