"""The environment is made once, made anew when what it rests on changes, and left alone otherwise."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ckanext.mainz.runtime import install
from ckanext.mainz.runtime.install import Environment

HERE = "ckanext-mainz/ckanext/mainz/runtime/install.py"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    home = tmp_path / "Prüf stand"
    for name in (install.BOOTSTRAP, install.RUNTIME, install.TEST, "setup.py", HERE, "config/ckan.ini"):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    (home / "schemas").mkdir()
    return home


@pytest.fixture
def steps(monkeypatch) -> list[str]:
    """What would be done, instead of doing it."""
    done: list[str] = []

    def note(argv, folder=None, environment=None, check=True):
        done.append(Path(argv[0]).name + " " + " ".join(str(part) for part in argv[1:4]))
        if "venv" in argv:
            packages = Path(argv[-1]) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
            packages.mkdir(parents=True, exist_ok=True)
            (Path(argv[-1]) / "bin").mkdir(exist_ok=True)
            (Path(argv[-1]) / "bin" / "python").touch()
        return 0

    monkeypatch.setattr(install, "run", note)
    monkeypatch.setattr(install, "pip_settings", lambda _: {})
    return done


def environment(checkout: Path, **more) -> Environment:
    return Environment(checkout, checkout / ".venv", **{"with_tests": False, **more})


def made(checkout: Path, steps: list[str], **more) -> None:
    environment(checkout, **more).install()
    steps.clear()


def test_a_first_start_makes_the_environment_and_the_second_does_nothing(checkout, steps):
    assert not environment(checkout).is_right()
    environment(checkout).install()
    assert any("-m venv" in step for step in steps)
    assert environment(checkout).is_right()


def test_libmagic_is_imported_before_anything_of_ckan(checkout, steps):
    environment(checkout).install()
    assert (environment(checkout).site_packages() / "zz_libmagic.pth").read_text() == "import pylibmagic\n"


@pytest.mark.parametrize("name", [install.RUNTIME, "setup.py"])
def test_a_changed_lock_updates_the_environment_in_place(checkout, steps, name):
    made(checkout, steps)
    (checkout / name).write_text("changed")
    assert not environment(checkout).is_right()
    environment(checkout).install()
    assert not any("-m venv" in step for step in steps)
    assert any(step.startswith("uv pip sync") for step in steps)


def test_a_moved_checkout_gets_a_new_environment(checkout, steps):
    made(checkout, steps)
    moved = checkout.rename(checkout.with_name("moved"))
    assert not environment(moved).is_right()
    environment(moved).install()
    assert any("-m venv" in step for step in steps)


def test_another_python_gets_a_new_environment(checkout, steps, monkeypatch):
    made(checkout, steps)
    monkeypatch.setattr(install.sys, "version", "3.13.99 (main)")
    assert not environment(checkout).is_right()
    environment(checkout).install()
    assert any("-m venv" in step for step in steps)


def test_an_installation_that_was_cut_short_is_repeated(checkout, steps, monkeypatch):
    monkeypatch.setattr(Environment, "fill", lambda self: sys.exit(1))
    with pytest.raises(SystemExit):
        environment(checkout).install()
    assert not environment(checkout).is_right()


def test_the_tests_packages_come_with_the_tests_and_stay(checkout, steps):
    made(checkout, steps)
    assert not environment(checkout, with_tests=True).is_right()
    made(checkout, steps, with_tests=True)
    assert environment(checkout).is_right()
    (checkout / install.RUNTIME).write_text("changed")
    environment(checkout).install()
    assert environment(checkout, with_tests=True).is_right()


def test_a_regular_installation_follows_every_change_of_the_sources(checkout, steps):
    made(checkout, steps, regular=True)
    assert environment(checkout, regular=True).is_right()
    (checkout / "config" / "ckan.ini").write_text("changed")
    assert not environment(checkout, regular=True).is_right()


def test_pip_takes_over_where_uv_does_not_reach_the_index(checkout, monkeypatch, steps):
    noted = install.run
    monkeypatch.setattr(install, "run", lambda argv, *rest, **more: noted(argv, *rest, **more) or "sync" in argv)
    environment(checkout).install()
    assert [step for step in steps if step.startswith("python -m pip")]
    assert environment(checkout).is_right()


def test_pip_s_settings_of_the_index_reach_uv(monkeypatch):
    said = "global.index-url='https://global.example.org'\n:env:.index-url='https://packages.example.org/simple'\n"
    monkeypatch.setattr(install.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=said))
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    assert install.uv_environment(Path(sys.executable))["UV_DEFAULT_INDEX"] == "https://packages.example.org/simple"
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://other.example.org/simple")
    assert install.uv_environment(Path(sys.executable))["UV_DEFAULT_INDEX"] == "https://other.example.org/simple"


def test_looking_after_a_running_portal_installs_nothing(checkout, steps):
    made(checkout, steps)
    (checkout / install.RUNTIME).write_text("changed")
    for verb in ("status", "down", "logs"):
        install.main(checkout, checkout / ".venv", verb)
    assert steps == []
    install.main(checkout, checkout / ".venv", "up")
    assert steps


SCRIPT = Path(__file__).resolve().parents[3] / "portal"


def portal(*arguments: str, python: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/bin:/bin", "PORTAL_PYTHON": python}
    return subprocess.run([str(SCRIPT), *arguments], env=environment, capture_output=True, text=True)


@pytest.fixture
def fake_python(tmp_path: Path):
    def make(version: str, code: int) -> str:
        path = tmp_path / f"python-{version}"
        path.write_text(f'#!/bin/sh\n[ "$1" = -V ] && echo "Python {version}" && exit\nexit {code}\n')
        path.chmod(0o755)
        return str(path)

    return make


def test_an_old_python_is_refused_in_one_sentence_that_says_what_to_install(fake_python):
    done = portal("up", python=fake_python("3.9.2", 3))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "Python 3.9.2" in done.stderr
    assert "apt-get install python3 python3-venv" in done.stderr


def test_a_missing_venv_is_asked_for_by_name(fake_python):
    done = portal("up", python=fake_python("3.11.2", 4))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "apt-get install python3-venv" in done.stderr
