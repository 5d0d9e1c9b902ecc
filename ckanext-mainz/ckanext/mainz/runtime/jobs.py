"""What the worker runs for the scheduler."""

from __future__ import annotations

from ckanext.mainz.runtime.hooks import JOBS, named


def run_scheduled(name: str) -> None:
    """Run the job of that name from the entry points `ckanext.mainz.jobs`. Raises LookupError if there is none."""
    named(JOBS, name)()
