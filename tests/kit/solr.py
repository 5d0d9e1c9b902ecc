"""A real Solr for tests and benchmarks, without its distribution.

Solr's jars come from Maven Central into a cache folder, a small Java launcher serves them on a free port of 127.0.0.1,
and the one core has the schema of the installed CKAN::

    with SolrServer() as solr:
        pysolr.Solr(solr.url).search("*:*")

Needs a JDK of version 11 or later (``java`` and ``javac``) and, until the cache is filled, Maven (``mvn``).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import requests

CORE = "ckan"
SOURCES = Path(__file__).with_name("solr")
WORD_LISTS = ("synonyms.txt", "protwords.txt", "stopwords.txt")
INSTALL_HINT = "Debian and Ubuntu have it: apt-get install openjdk-17-jdk-headless maven"
START_SECONDS = 60
STOP_SECONDS = 20


class SolrUnavailable(RuntimeError):
    """Solr cannot run here; the message says what is missing and how to get it."""


class SolrServer:
    """One Solr core behind :attr:`url`, alive from ``start`` to ``stop`` or within a ``with`` block.

    ``schema`` is a ``schema.xml`` (CKAN's own by default), ``heap_megabytes`` the largest heap of Java. ``home`` keeps
    the index in a folder of the caller's; without it the index goes when the server stops.

    Raises :class:`SolrUnavailable` from ``start`` where Java or Maven is missing or Solr does not come up.
    """

    def __init__(self, *, schema: Path | None = None, heap_megabytes: int = 512, home: Path | None = None) -> None:
        self._schema = schema or ckan_schema()
        self._heap = heap_megabytes
        self._kept_home = home
        self._home = home
        self._process: subprocess.Popen[str] | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """Address of the core, as ``solr_url`` in CKAN's configuration wants it."""
        return f"http://127.0.0.1:{self._port}/solr/{CORE}"

    @property
    def pid(self) -> int:
        """Process id of the Java process."""
        return self._running().pid

    @property
    def log(self) -> Path:
        """What Java wrote to its standard error."""
        assert self._home is not None, "Solr has not been started."
        return self._home / "solr.log"

    def start(self) -> Self:
        """Start Solr and return once the core answers."""
        java, classes = need_program("java"), prepared_classes()
        self._home = self._kept_home or Path(tempfile.mkdtemp(prefix="solr-home-"))
        write_home(self._home, self._schema)
        command = [java, f"-Xmx{self._heap}m", f"-Dsolr.log.dir={self._home}", "-cp", classes, "SolrLauncher"]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [*command, str(self._home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self._port = self._read_port()
        self._check_core()
        return self

    def stop(self) -> None:
        """Stop Solr and remove what is not to be kept; nothing happens where it is stopped already."""
        if self._process is not None:
            end(self._process)
            self._process = None
        if self._home is not None and self._kept_home is None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None:
            raise SolrUnavailable("Solr is not running: use it within `with SolrServer() as solr:`.")
        return self._process

    def _read_port(self) -> int:
        process = self._running()
        assert process.stdout is not None
        # A Java that hangs while starting is ended by the clock; its closed output then ends the loop.
        clock = threading.Timer(START_SECONDS, process.kill)
        clock.start()
        try:
            for line in process.stdout:
                if line.startswith("port "):
                    # Solr writes a line for each refused query; nobody reading would stop it once the pipe is full.
                    threading.Thread(target=_read_away, args=(process.stdout,), daemon=True).start()
                    return int(line.split()[1])
        finally:
            clock.cancel()
        raise self._failed(f"Solr did not start within {START_SECONDS} s.")

    def _check_core(self) -> None:
        answer = self._ask_core()
        deadline = time.monotonic() + START_SECONDS
        # 503 is "SolrCore is loading": Solr listens before its cores are loaded.
        while answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE and time.monotonic() < deadline:
            time.sleep(0.1)
            answer = self._ask_core()
        if not answer.ok:
            raise self._failed(f"Solr started, but its core answers {answer.status_code}: {answer.text[:500]}")

    def _ask_core(self) -> requests.Response:
        return requests.get(f"{self.url}/select", params={"q": "*:*", "rows": 0}, timeout=START_SECONDS)

    def _failed(self, reason: str) -> SolrUnavailable:
        message = f"{reason} Its log ends with:\n{tail(self.log)}"
        self.stop()
        return SolrUnavailable(message)


def missing_requirement() -> str | None:
    """What keeps Solr from running here, as a sentence; None where it can run. Nothing is downloaded."""
    try:
        need_program("java")
        need_program("javac")
        if not jar_folder().is_dir():
            need_program("mvn")
    except SolrUnavailable as missing:
        return str(missing)
    return None


def ckan_schema() -> Path:
    """``schema.xml`` of the installed CKAN."""
    package = importlib.util.find_spec("ckan")
    if package is None or package.origin is None:
        raise SolrUnavailable("CKAN is not installed in this environment, so its Solr schema is not to be had.")
    return Path(package.origin).parent / "config" / "solr" / "schema.xml"


def need_program(name: str) -> str:
    """Full path of a program, or :class:`SolrUnavailable`."""
    path = shutil.which(name)
    if path is None:
        raise SolrUnavailable(f"The Solr for tests needs the program `{name}`, which was not found. {INSTALL_HINT}")
    return path


def cache_folder() -> Path:
    """Where jars are kept between runs: ``PORTAL_TEST_CACHE``, else the user's cache folder."""
    chosen = os.environ.get("PORTAL_TEST_CACHE")
    user_cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(chosen) if chosen else user_cache / "mainz-portal-tests"


def jar_folder() -> Path:
    """Folder of the jars that pom.xml names; another pom.xml has another folder."""
    return cache_folder() / f"solr-jars-{digest(SOURCES / 'pom.xml')}"


def prepared_classes() -> str:
    """Class path of the launcher and Solr; downloads and compiles what the cache lacks."""
    jars = filled_once(jar_folder(), download_jars)
    launcher = SOURCES / "SolrLauncher.java"
    compiled = filled_once(
        cache_folder() / f"solr-launcher-{digest(launcher)}",
        lambda target: run([need_program("javac"), "-cp", f"{jars}/*", "-d", str(target), str(launcher)]),
    )
    return os.pathsep.join([str(compiled), f"{jars}/*"])


def download_jars(target: Path) -> None:
    """Let Maven put the jars of pom.xml and all they need into a folder."""
    copy = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
    options = ["-DincludeScope=runtime", f"-DoutputDirectory={target}"]
    run([need_program("mvn"), "-q", "-B", "-f", str(SOURCES / "pom.xml"), copy, *options])


def filled_once(folder: Path, fill: Callable[[Path], object]) -> Path:
    """A folder that either is complete or does not exist, also when two processes fill it at once."""
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
        part = Path(scratch) / "part"
        part.mkdir()
        fill(part)
        try:
            part.rename(folder)
        except OSError:
            # Another process was first; its folder is as good as ours.
            if not folder.is_dir():
                raise
    return folder


def run(command: list[str]) -> None:
    """Run a program of the preparation; :class:`SolrUnavailable` with the end of its output where it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        program = Path(command[0]).name
        raise SolrUnavailable(f"`{program}` failed while Solr was prepared:\n{done.stdout[-2000:]}")


def write_home(home: Path, schema: Path) -> None:
    """Lay out a Solr home with one core."""
    configuration = home / CORE / "conf"
    configuration.mkdir(parents=True, exist_ok=True)
    (home / "solr.xml").write_text("<solr/>\n")
    (home / CORE / "core.properties").write_text(f"name={CORE}\n")
    shutil.copyfile(schema, configuration / "schema.xml")
    shutil.copyfile(SOURCES / "solrconfig.xml", configuration / "solrconfig.xml")
    for name in WORD_LISTS:
        (configuration / name).touch()


def _read_away(output: IO[str]) -> None:
    with suppress(ValueError):  # closed by `end`
        for _line in output:
            pass


def end(process: subprocess.Popen[str]) -> None:
    """Let the launcher end by itself (its input closes), and by force if it does not."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()


def digest(file: Path) -> str:
    """Short fingerprint of a file, for folder names in the cache."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def tail(file: Path, characters: int = 2000) -> str:
    """End of a text file."""
    return file.read_text(errors="replace")[-characters:]
