"""Debian's Chromium for browser tests: found, or installed where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome")


class ChromiumMissing(RuntimeError):
    """There is no browser and none may be installed; the message says what to do."""


def chromium() -> str:
    """Path of the browser. As root on Debian or Ubuntu a missing one is installed. Raises ChromiumMissing."""
    found = _find() or (_install() if _may_install() else None)
    if not found:
        raise ChromiumMissing("No Chromium here for the browser tests; install it: apt-get install chromium")
    return found


def _find() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> str | None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for argv in (
        ["update", "-qq"],
        ["install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-dejavu-core"],
    ):
        subprocess.run(["apt-get", *argv], env=environment, check=False, stdout=subprocess.DEVNULL)
    return _find()
