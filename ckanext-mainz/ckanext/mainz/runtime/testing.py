"""`./portal test`: which tests run with which options, one summary at the end."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from ckanext.mainz.runtime.errors import PortalError

#: CKAN's own pytest plugins want a running portal before they collect the first test.
_WITHOUT_CKAN = ("-p", "no:ckan", "-p", "no:ckan_fixtures")
_WITH_FIXTURES = ("-p", "no:ckan")
#: pytest says that it found no tests: with a selection (`-k`) that is no failure of this kind of tests.
_NO_TESTS = 5
#: A reason that begins so says that nobody can install what is missing (the right to mount a disk): never a failure.
IMPOSSIBLE = "not possible: "


@dataclass(frozen=True)
class Kind:
    """One kind of tests: its folders below tests/, and pytest's options for it."""

    name: str
    folders: tuple[str, ...]
    options: tuple[str, ...]
    only_by_name: bool = False
    """Whether they run only where they are asked for, as they take very long."""


KINDS = (
    Kind("unit", ("unit", "engine_suite"), _WITHOUT_CKAN),
    Kind("integration", ("integration",), _WITH_FIXTURES),
    Kind("browser", ("browser",), _WITHOUT_CKAN),
    Kind("leaks", ("leaks",), _WITH_FIXTURES, only_by_name=True),
)


@dataclass
class Outcome:
    """What came of one kind of tests. `skipped` counts reasons."""

    passed: int = 0
    failed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)

    @property
    def missing(self) -> bool:
        """Whether something was skipped that could have run, had it been installed."""
        return any(not reason.startswith(IMPOSSIBLE) for reason in self.skipped)


def run_tests(arguments: list[str], checkout: Path) -> int:
    """Run the kinds that the first argument names with the other arguments given to pytest.

    If it names none, all run that do not take very long. Returns 0 if every test passed or was skipped; with
    `PORTAL_TEST_STRICT=1` a skipped test is a failure as well, unless its reason says that it is impossible here.
    """
    if not (checkout / "tests").is_dir():
        raise PortalError(f"There are no tests in {checkout}; run ./portal test in a checkout of the repository.")
    wanted, rest = _choose(arguments)
    outcomes, codes = {}, []
    for kind in wanted:
        print(f"── {kind.name} tests", flush=True)
        code, outcomes[kind.name] = _run(kind, rest, checkout)
        codes.append(code)
    strict = os.environ.get("PORTAL_TEST_STRICT") == "1"
    print(summary(outcomes, strict))
    found_none = all(code == _NO_TESTS for code in codes)
    failed = any(code not in (0, _NO_TESTS) for code in codes)
    return int(found_none or failed or (strict and any(outcome.missing for outcome in outcomes.values())))


def _choose(arguments: list[str]) -> tuple[list[Kind], list[str]]:
    chosen = [kind for kind in KINDS if arguments and kind.name == arguments[0]]
    return (chosen, arguments[1:]) if chosen else ([kind for kind in KINDS if not kind.only_by_name], arguments)


def _run(kind: Kind, arguments: list[str], checkout: Path) -> tuple[int, Outcome]:
    folders = [f"tests/{name}" for name in kind.folders if (checkout / "tests" / name).is_dir()]
    named = any(_is_there(checkout / one.split("::")[0]) for one in arguments if not one.startswith("-"))
    with TemporaryDirectory(prefix="portal-test-") as scratch:
        report = _report(arguments) or Path(scratch) / "report.xml"
        argv = [sys.executable, "-m", "pytest", *kind.options, f"--junit-xml={report}", "-o", "junit_family=xunit2"]
        code = subprocess.run([*argv, *arguments, *([] if named else folders)], cwd=checkout, check=False).returncode
        return code, read_report(report) if report.exists() else Outcome(failed=1)


def _is_there(path: Path) -> bool:
    """Whether a path exists; what cannot be one, as a long expression after ``-k``, does not."""
    try:
        return path.exists()
    except OSError:
        return False


def _report(arguments: list[str]) -> Path | None:
    """Where somebody who names a place for pytest's report wants it."""
    named = [one.partition("=")[2] for one in arguments if one.startswith(("--junitxml=", "--junit-xml="))]
    return Path(named[-1]).absolute() if named else None


def read_report(report: Path) -> Outcome:
    """What pytest's report says."""
    outcome = Outcome()
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - written by the pytest we have just run
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed += 1
        elif skipped is not None:
            outcome.skipped[skipped.get("message", "")] += 1
        else:
            outcome.passed += 1
    return outcome


def summary(outcomes: dict[str, Outcome], strict: bool) -> str:
    """Passed, failed and skipped by kind, and why something was skipped."""
    lines = ["── summary"]
    for name, outcome in outcomes.items():
        skipped = outcome.skipped.total()
        lines.append(f"{name:<12} {outcome.passed:>5} passed {outcome.failed:>5} failed {skipped:>5} skipped")
        lines += [f"  {_mark(reason, strict)}: {count} × {reason}" for reason, count in outcome.skipped.most_common()]
    return "\n".join(lines)


def _mark(reason: str, strict: bool) -> str:
    missing = strict and not reason.startswith(IMPOSSIBLE)
    return "FAILED (skipped, and PORTAL_TEST_STRICT=1)" if missing else "SKIPPED"
