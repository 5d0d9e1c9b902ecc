"""`./portal test` counts what its kinds of tests did, and a skipped test is never silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.mainz.runtime.errors import PortalError
from ckanext.mainz.runtime.testing import run_tests


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # the plugins installed here take seconds to load
    for kind in ("unit", "integration", "browser"):
        (tmp_path / "tests" / kind).mkdir(parents=True)
    (tmp_path / "tests" / "unit" / "test_a.py").write_text("def test_good(): pass\ndef test_also(): pass\n")
    return tmp_path


def write(checkout: Path, kind: str, text: str) -> None:
    (checkout / "tests" / kind / f"test_{kind}_b.py").write_text(text)


def test_all_kinds_run_and_are_summed_up(checkout, capfd):
    write(checkout, "browser", "def test_page(): pass\n")
    assert run_tests([], checkout) == 0
    shown = capfd.readouterr().out
    assert "unit             2 passed     0 failed     0 skipped" in shown
    assert "browser          1 passed     0 failed     0 skipped" in shown


def test_one_kind_runs_alone_with_pytest_s_arguments(checkout, capfd):
    write(checkout, "browser", "def test_page(): assert False\n")
    assert run_tests(["unit", "-k", "good"], checkout) == 0
    assert "1 passed" in capfd.readouterr().out


def test_a_failure_is_the_exit_status(checkout, capfd):
    write(checkout, "integration", "def test_bad(): assert False\n")
    assert run_tests([], checkout) == 1
    assert "integration      0 passed     1 failed" in capfd.readouterr().out


SKIPPING = "import pytest\ndef test_page(): pytest.skip('no Chromium here')\n"


def test_a_skipped_test_is_said_with_its_reason(checkout, capfd, monkeypatch):
    monkeypatch.delenv("PORTAL_TEST_STRICT", raising=False)
    write(checkout, "browser", SKIPPING)
    assert run_tests([], checkout) == 0
    assert "SKIPPED: 1 × no Chromium here" in capfd.readouterr().out


def test_a_skipped_test_is_a_failure_where_everything_must_run(checkout, capfd, monkeypatch):
    monkeypatch.setenv("PORTAL_TEST_STRICT", "1")
    write(checkout, "browser", SKIPPING)
    assert run_tests([], checkout) == 1
    assert "FAILED (skipped" in capfd.readouterr().out


def test_what_nobody_can_install_is_no_failure_but_is_said(checkout, capfd, monkeypatch):
    monkeypatch.setenv("PORTAL_TEST_STRICT", "1")
    write(checkout, "browser", SKIPPING.replace("no Chromium", "not possible: no disk"))
    assert run_tests([], checkout) == 0
    assert "SKIPPED: 1 × not possible: no disk here" in capfd.readouterr().out


def test_a_selection_that_meets_no_test_at_all_is_a_failure(checkout):
    assert run_tests(["-k", "nothing_like_this"], checkout) == 1


def test_a_file_that_cannot_be_read_is_a_failure(checkout):
    write(checkout, "unit", "this is no Python")
    assert run_tests(["unit"], checkout) == 1


def test_outside_of_a_checkout_there_is_one_sentence(tmp_path):
    with pytest.raises(PortalError, match="in a checkout"):
        run_tests([], tmp_path)


def test_whoever_names_a_place_for_the_report_finds_it_there_and_the_summary_is_right(checkout, capfd):
    report = checkout / "eigener.xml"
    assert run_tests(["unit", f"--junitxml={report}"], checkout) == 0
    assert "2 passed     0 failed" in capfd.readouterr().out
    assert report.exists()
