"""A process that a room keeps running beside the web server: an entry point `ckanext.mainz.processes` inside CKAN."""

from __future__ import annotations

import sys

from ckanext.mainz.runtime.application import ckan_application
from ckanext.mainz.runtime.hooks import PROCESSES, named


def main(name: str) -> None:
    """Run the process of that name until SIGTERM. Raises LookupError if no room offers it."""
    function = named(PROCESSES, name)
    with ckan_application():
        function()


if __name__ == "__main__":
    main(sys.argv[1])
