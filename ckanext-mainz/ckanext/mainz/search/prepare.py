"""What has to be true of the index before the portal starts."""

from __future__ import annotations

from ckanext.mainz.search import config, outbox, rebuild
from ckanext.mainz.search.generations import Generations


def prepare(progress: rebuild.Progress) -> None:
    """Builds the index if it is missing, damaged or of an older shape, and brings in what a crash left over."""
    generations = Generations(config.folder())
    generations.folder.mkdir(parents=True, exist_ok=True)
    if rebuild.usable(generations):
        outbox.retry_now()
        outbox.drain()
    else:
        rebuild.rebuild(progress)
