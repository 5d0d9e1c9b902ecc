"""Work of the catalogue that the worker does."""

from __future__ import annotations

import logging

from ckanext.mainz.metadata.catalogue import asking, config, download, state, whole

log = logging.getLogger(__name__)


def make_whole() -> None:
    """Makes the files with the whole catalogue, unless those that are there say the same."""
    folder, now = config.download_folder(), state.current()
    if folder is None or now is None:
        log.info("No folder is named for the files with the whole catalogue, or no index tells of changes.")
        return
    before = download.published(folder)
    if before is not None and before.key == now.key:
        return
    try:
        made = whole.make(folder, now)
    except whole.Busy:
        log.info("Another process is making the files with the whole catalogue.")
        asking.ask()
        return
    report = "The whole catalogue: %d records in %.1f s, %d left out because they cannot be written %s"
    log.info(report, made.records, made.seconds, len(made.left_out), " ".join(made.left_out))
    if (after := state.current()) is not None and after.key != made.key:
        asking.ask()
