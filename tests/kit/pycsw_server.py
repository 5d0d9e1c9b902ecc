"""A real catalogue for tests: pycsw in an environment of its own, since it needs older libraries than CKAN.

    with PycswServer(tmp_path) as catalogue:
        catalogue.load(documents)
        …catalogue.address…
        catalogue.update(document)

The environment is made once, in ``PORTAL_TEST_CACHE`` or the user's cache folder.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

import requests
from tests.kit.solr import cache_folder, filled_once

REQUIREMENTS = ("pycsw==2.6.2", "SQLAlchemy<2", "setuptools<80")
SOURCES = Path(__file__).with_name("pycsw")
START_SECONDS, INSTALL_SECONDS, LOAD_SECONDS = 30, 300, 120
#: So many records a page at most, whatever is asked for.
PAGE = 50
CONFIGURATION = """
[server]
url=http://127.0.0.1:{{port}}/
mimetype=application/xml; charset=UTF-8
encoding=UTF-8
language=de-DE
maxrecords={page}
profiles=apiso

[manager]
transactions=true
allowed_ips=127.0.0.1

[metadata:main]
identification_title=Testkatalog
identification_abstract=Erfundene Metadaten
identification_keywords=Test
identification_fees=None
identification_accessconstraints=None
provider_name=Testamt
provider_url=https://geo.mainz.example/

[repository]
database=sqlite:///{database}
table=records

[metadata:inspire]
enabled=false
"""
CSW = 'xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ogc="http://www.opengis.net/ogc"'
DELETE = """<csw:Delete typeName="gmd:MD_Metadata"><csw:Constraint version="1.1.0"><ogc:Filter><ogc:PropertyIsEqualTo>\
<ogc:PropertyName>apiso:Identifier</ogc:PropertyName><ogc:Literal>{}</ogc:Literal></ogc:PropertyIsEqualTo>\
</ogc:Filter></csw:Constraint></csw:Delete>"""


class PycswUnavailable(RuntimeError):
    """pycsw cannot run here; the message says why."""


class PycswServer:
    """A pycsw behind `address`, with its files in `folder`, alive within a ``with`` block.

    Raises PycswUnavailable where it cannot be installed or does not start.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = folder / "records.sqlite"
        self._log = folder / "requests.log"
        self._process: subprocess.Popen[str] | None = None
        self._port = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._port}/"

    @property
    def requests(self) -> int:
        """How many requests have come so far."""
        return sum("client - - [" in line for line in self._log.read_text(errors="replace").splitlines())

    def load(self, documents: Iterable[bytes]) -> None:
        """Has exactly these records from now on."""
        with tempfile.TemporaryDirectory(dir=self._folder) as given:
            for number, document in enumerate(documents):
                Path(given, f"{number:05}.xml").write_bytes(document)
            argv = [environment(), SOURCES / "load.py", self._database, given, "--replace"]
            ran = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=LOAD_SECONDS)
        assert ran.returncode == 0, ran.stderr[-4000:]

    def insert(self, document: bytes) -> None:
        self._transaction(f"<csw:Insert>{document.decode()}</csw:Insert>", "totalInserted")

    def update(self, document: bytes) -> None:
        """Replaces the record that has the same fileIdentifier."""
        self._transaction(f"<csw:Update>{document.decode()}</csw:Update>", "totalUpdated")

    def delete(self, identifier: str) -> None:
        self._transaction(DELETE.format(identifier), "totalDeleted")

    def __enter__(self) -> Self:
        python = environment()
        self.load([])
        template = self._folder / "pycsw.template"
        template.write_text(CONFIGURATION.format(database=self._database, page=PAGE), encoding="utf-8")
        with self._log.open("w") as log:
            argv = [python, SOURCES / "serve.py", template]
            self._process = subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=log, text=True, cwd=self._folder)
        self._port = self._read_port(self._process)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()  # it waits in accept() and has nothing to save
            self._process.communicate()
            self._process = None

    def _read_port(self, process: subprocess.Popen[str]) -> int:
        assert process.stdout is not None
        clock = threading.Timer(START_SECONDS, process.kill)
        clock.start()
        line = process.stdout.readline()
        clock.cancel()
        if line.startswith("port "):
            return int(line.split()[1])
        self._stop()
        raise PycswUnavailable(f"pycsw does not start: {self._log.read_text(errors='replace')[-2000:]}")

    def _transaction(self, inner: str, counter: str) -> None:
        body = f'<csw:Transaction {CSW} service="CSW" version="2.0.2">{inner}</csw:Transaction>'
        headers = {"Content-Type": "application/xml"}
        answer = requests.post(self.address, data=body.encode(), headers=headers, timeout=LOAD_SECONDS)
        assert f"{counter}>1<" in answer.text, answer.text[:2000]


def environment() -> Path:
    """The Python of pycsw's environment, which is made if it is missing. Raises PycswUnavailable."""
    name = hashlib.sha256(repr((REQUIREMENTS, sys.version_info[:2])).encode()).hexdigest()[:12]
    return filled_once(cache_folder() / f"pycsw-{name}", _install) / "bin" / "python"


def _install(folder: Path) -> None:
    """Only the Python is used, by its path, so the environment may be moved when it is done."""
    _run([sys.executable, "-m", "venv", folder])
    _run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *REQUIREMENTS])


def _run(argv: list[str | Path]) -> None:
    try:
        ran = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PycswUnavailable(f"pycsw cannot be installed: {error}") from error
    if ran.returncode:
        raise PycswUnavailable(f"pycsw cannot be installed: {' '.join(ran.stderr.split())[-500:]}")
