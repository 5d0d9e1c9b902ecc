"""The command line: what belongs to it, what it passes on, how it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.mainz.runtime import cli
from ckanext.mainz.runtime.errors import PortalError


@pytest.fixture
def caught(monkeypatch):
    """Parsed arguments instead of running anything."""
    seen = []
    for name, verb in cli.VERBS.items():
        monkeypatch.setitem(cli.VERBS, name, verb._replace(run=lambda arguments: seen.append(arguments) or 0))
    return seen


def test_no_command_and_help_show_all_commands(capsys):
    assert cli.main([]) == 0
    shown = capsys.readouterr().out
    assert cli.main(["help"]) == 0
    assert capsys.readouterr().out == shown
    assert all(f"    {name} " in shown for name in cli.VERBS)


def test_up_takes_port_host_data_and_empty(caught):
    cli.main(["up", "--port", "8080", "--host", "0.0.0.0", "--data", "/tmp/x y", "--empty"])
    found = caught[0]
    assert (found.port, found.host, found.data, found.empty) == (8080, "0.0.0.0", Path("/tmp/x y"), True)


@pytest.mark.parametrize("verb", ["up", "down", "status", "logs", "ckan"])
def test_every_command_that_touches_data_takes_the_folder_from_the_environment(verb, caught, monkeypatch):
    monkeypatch.setenv("PORTAL_DATA", "/srv/portal")
    cli.main([verb])
    assert caught[0].data == Path("/srv/portal")


def test_options_of_ckan_are_left_to_ckan(caught):
    cli.main(["ckan", "--data", "/d", "user", "list", "--help", "--data", "x"])
    assert caught[0].data == Path("/d")
    assert caught[0].rest == ["user", "list", "--help", "--data", "x"]


def test_options_of_pytest_are_left_to_pytest(caught):
    cli.main(["test", "unit", "-k", "kurz", "--maxfail=1"])
    assert caught[0].rest == ["unit", "-k", "kurz", "--maxfail=1"]


@pytest.mark.parametrize("line", [["up", "--prot", "1"], ["up", "--port", "0"], ["up", "--port", "x"], ["dwon"]])
def test_what_is_mistyped_is_refused(line, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(line)
    assert ended.value.code == 2
    assert line[-1] in capsys.readouterr().err or line[1] in capsys.readouterr().err


def test_what_the_operator_can_mend_is_one_sentence_on_standard_error(monkeypatch, capsys):
    def fail(_):
        raise PortalError("The disk is full; free some space.")

    monkeypatch.setitem(cli.VERBS, "up", cli.VERBS["up"]._replace(run=fail))
    assert cli.main(["up"]) == 1
    assert capsys.readouterr() == ("", "portal: The disk is full; free some space.\n")


@pytest.mark.parametrize("verb", ["down", "status", "logs", "ckan"])
def test_commands_on_a_folder_without_a_portal_say_so(verb, tmp_path, capsys):
    assert cli.main([verb, "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
