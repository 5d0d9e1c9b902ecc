"""Serves a pycsw on a free port of this machine: ``serve.py TEMPLATE``. Runs in the environment of pycsw.

The template is a configuration in which ``{port}`` stands for the port; the line ``port <number>`` says which it is.
Each request is a line of stderr.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from pycsw.wsgi import application


class Handler(WSGIRequestHandler):
    def address_string(self) -> str:
        return "client"


def main(template: str) -> None:
    server = make_server("127.0.0.1", 0, application, handler_class=Handler)
    path = Path(template)
    chosen = path.with_suffix(".cfg")
    chosen.write_text(path.read_text(encoding="utf-8").replace("{port}", str(server.server_port)), encoding="utf-8")
    os.environ["PYCSW_CONFIG"] = str(chosen)
    print("port", server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1])
