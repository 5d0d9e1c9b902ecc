"""A local HTTP server that plays the outside world, with its faults.

    with MisbehavingServer() as server:
        server.at("/catalog.ttl", in_turn(status(503), answer(b"…", content_type="text/turtle")))
        …server.url("/catalog.ttl")…
        assert server.requests[0].headers["accept"] == "text/turtle"

A behaviour is a function that gets a `Visit` and sends whatever it likes. It writes on the bare socket, because what is
wanted (lengths that lie, lines that never end, connections that are reset) no HTTP library would send. Behaviours that
wait stop when the server stops. Bound to 127.0.0.1 and a free port.
"""

from __future__ import annotations

import contextlib
import gzip
import select
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

CERTIFICATES = Path(__file__).parent / "certificates"
AUTHORITY = CERTIFICATES / "authority.pem"
CERTIFIED_NAME = "csw.example.test"
LOGIN_PAGE = b"<!DOCTYPE html>\n<html><head><title>Anmeldung</title></head><body><form>Passwort</form></body></html>"


@dataclass(frozen=True)
class Request:
    """What the server was asked. Header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass
class Visit:
    """One connection with one request, as a behaviour sees it."""

    request: Request
    connection: socket.socket
    stopping: threading.Event

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def head(self, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        lines = [f"HTTP/1.1 {status} {_phrase(status)}", *(f"{n}: {v}" for n, v in (headers or {}).items()), "", ""]
        self.send("\r\n".join(lines).encode("latin-1"))

    def wait(self, seconds: float) -> None:
        """Waits, and ends the visit if the server stops meanwhile."""
        if self.stopping.wait(seconds):
            raise ConnectionAbortedError("the server stops")


Behaviour = Callable[[Visit], None]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


# --- behaviours -------------------------------------------------------------------------------------------------------


def answer(
    body: bytes = b"", *, status: int = 200, content_type: str = "", headers: Mapping[str, str] | None = None
) -> Behaviour:
    """An honest answer."""
    all_headers = {"Content-Length": str(len(body)), **(headers or {})}
    if content_type:
        all_headers["Content-Type"] = content_type

    def behave(visit: Visit) -> None:
        visit.head(status, all_headers)
        if visit.request.method != "HEAD":
            visit.send(body)

    return behave


def status(code: int, *, retry_after: str = "", body: bytes = b"") -> Behaviour:
    return answer(body, status=code, headers={"Retry-After": retry_after} if retry_after else {})


def login_page() -> Behaviour:
    """The status 200, and a page that asks for a password instead of the data."""
    return answer(LOGIN_PAGE, content_type="text/html; charset=utf-8")


def redirect(to: str, *, code: int = 302) -> Behaviour:
    return answer(status=code, headers={"Location": to})


def in_turn(*behaviours: Behaviour) -> Behaviour:
    """The first behaviour for the first request, the second for the second, the last one for all further ones."""
    lock, rest = threading.Lock(), list(behaviours)

    def behave(visit: Visit) -> None:
        with lock:
            behaviour = rest.pop(0) if len(rest) > 1 else rest[0]
        behaviour(visit)

    return behave


def without_head(behaviour: Behaviour, *, code: int = 405) -> Behaviour:
    """Refuses HEAD."""
    return lambda visit: (status(code) if visit.request.method == "HEAD" else behaviour)(visit)


def with_validators(body: bytes, *, etag: str = "", last_modified: str = "") -> Behaviour:
    """Answers 304 to whoever has this version."""
    headers = {"ETag": etag, "Last-Modified": last_modified}

    def behave(visit: Visit) -> None:
        asked = visit.request.headers
        same = (etag and asked.get("if-none-match") == etag) or (
            last_modified and asked.get("if-modified-since") == last_modified
        )
        answer(b"" if same else body, status=304 if same else 200, headers={n: v for n, v in headers.items() if v})(
            visit
        )

    return behave


def slow_start(behaviour: Behaviour, seconds: float) -> Behaviour:
    """Lets the first byte wait."""

    def behave(visit: Visit) -> None:
        visit.wait(seconds)
        behaviour(visit)

    return behave


def hang(visit: Visit) -> None:
    """Takes the request and says nothing."""
    visit.wait(600)


def hang_in_body(body: bytes) -> Behaviour:
    """Stops before the last byte and keeps the connection."""

    def behave(visit: Visit) -> None:
        visit.head(200, {"Content-Length": str(len(body) + 1)})
        visit.send(body)
        visit.wait(600)

    return behave


def drip(body: bytes, *, pause: float = 0.05) -> Behaviour:
    """Sends the body byte by byte: never silent, never done."""

    def behave(visit: Visit) -> None:
        visit.head(200, {"Content-Length": str(len(body))})
        _drip(visit, body, pause)

    return behave


def drip_headers(*, pause: float = 0.05) -> Behaviour:
    """Sends a header that grows byte by byte."""

    def behave(visit: Visit) -> None:
        visit.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
        _drip(visit, b"x" * 60_000, pause)

    return behave


def _drip(visit: Visit, data: bytes, pause: float) -> None:
    for position in range(len(data)):
        visit.send(data[position : position + 1])
        visit.wait(pause)


def truncated(body: bytes, *, missing: int = 10) -> Behaviour:
    """Announces `missing` bytes more than it sends."""

    def behave(visit: Visit) -> None:
        visit.head(200, {"Content-Length": str(len(body) + missing)})
        visit.send(body)

    return behave


def overlong(body: bytes, *, surplus: bytes = b"surplus") -> Behaviour:
    """Announces the length of `body` and sends more."""

    def behave(visit: Visit) -> None:
        visit.head(200, {"Content-Length": str(len(body))})
        visit.send(body + surplus)

    return behave


def chunked(chunks: Iterable[bytes], *, complete: bool = True, headers: Mapping[str, str] | None = None) -> Behaviour:
    """Transfers in chunks; without `complete` the last chunk, which says that this was all, is missing."""

    def behave(visit: Visit) -> None:
        visit.head(200, {"Transfer-Encoding": "chunked", **(headers or {})})
        for chunk in chunks:
            visit.send(b"%x\r\n%b\r\n" % (len(chunk), chunk))
        if complete:
            visit.send(b"0\r\n\r\n")

    return behave


def endless_chunk_line(visit: Visit) -> None:
    """A chunk whose length never ends."""
    visit.head(200, {"Transfer-Encoding": "chunked"})
    for _ in range(2_000):
        visit.send(b"0" * 65_536)


def endless_body(visit: Visit) -> None:
    """A body without a length and without an end."""
    visit.head(200, {"Content-Type": "application/octet-stream"})
    while not visit.stopping.is_set():
        visit.send(b"x" * 65_536)


def endless_headers(visit: Visit) -> None:
    """Headers without an end."""
    visit.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(100_000):
        visit.send(b"X-Header-%d: value\r\n" % number)


def compressed(body: bytes, *, encoding: str = "gzip", cut: int = 0) -> Behaviour:
    """`body` in ``gzip``, ``deflate`` or ``raw-deflate``; with `cut` the stream lacks its last bytes."""
    data = _compress(body, encoding)
    data = data[: len(data) - cut]
    return answer(data, headers={"Content-Encoding": encoding.removeprefix("raw-")})


def _compress(body: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.compress(body)
    if encoding == "raw-deflate":
        return zlib.compress(body)[2:-4]
    return zlib.compress(body)


def bomb(megabytes: int, *, encoding: str = "gzip") -> Behaviour:
    """Some thousand bytes that become many megabytes."""
    window = 16 + zlib.MAX_WBITS if encoding == "gzip" else zlib.MAX_WBITS
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    data = b"".join(packer.compress(bytes(1024 * 1024)) for _ in range(megabytes)) + packer.flush()
    return answer(data, headers={"Content-Encoding": encoding})


def reset(visit: Visit) -> None:
    """Breaks the connection off hard (RST)."""
    visit.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    _plain(visit.connection).close()


def reset_in_body(body: bytes) -> Behaviour:
    def behave(visit: Visit) -> None:
        visit.head(200, {"Content-Length": str(len(body) * 2)})
        visit.send(body)
        visit.wait(0.1)
        reset(visit)

    return behave


def no_http(visit: Visit) -> None:
    """Speaks another protocol."""
    visit.send(b"220 mail.example.test ESMTP ready\r\n")


def tunnel(port: int) -> Behaviour:
    """What a proxy does on CONNECT: passes everything on to `port` of this machine."""

    def behave(visit: Visit) -> None:
        with socket.create_connection(("127.0.0.1", port)) as onward:
            visit.head(200)
            back = threading.Thread(target=_pass_on, args=(onward, visit.connection), daemon=True)
            back.start()
            _pass_on(visit.connection, onward)
            back.join(5)

    return behave


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def _plain(connection: socket.socket) -> socket.socket:
    """The socket below TLS, so that closing it sends no polite good-bye."""
    if isinstance(connection, ssl.SSLSocket):
        return socket.socket(fileno=connection.detach())
    return connection


# --- the server -------------------------------------------------------------------------------------------------------


@dataclass
class MisbehavingServer:
    """Answers every path as it was told `at`; 404 elsewhere.

    With `tls` it has a certificate for `CERTIFIED_NAME`, signed by `AUTHORITY`. `most_parallel` refuses, by reset,
    connections beyond that number, as some statistics portals do. `busiest` says how many there were at one time.
    """

    tls: bool = False
    most_parallel: int = 0
    requests: list[Request] = field(default_factory=list)
    server_names: list[str | None] = field(default_factory=list)
    busiest: int = 0

    def __post_init__(self) -> None:
        self._routes: dict[str, Behaviour] = {}
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []

    def at(self, path: str, behaviour: Behaviour) -> str:
        """Tells how `path` behaves from now on, and gives its address."""
        self._routes[path] = behaviour
        return self.url(path)

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def __enter__(self) -> MisbehavingServer:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port = int(self._socket.getsockname()[1])
        self._context = self._tls_context() if self.tls else None
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes `accept`
        self._socket.close()
        for thread in self._threads:
            thread.join(5)

    def _tls_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / "server.pem")
        context.sni_callback = lambda _socket, name, _context: self.server_names.append(name)
        return context

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(30)
        with contextlib.suppress(OSError), self._counted(connection), contextlib.closing(connection):
            if self._context:
                connection = self._context.wrap_socket(connection, server_side=True)
            with contextlib.closing(connection):
                self._answer(connection)

    @contextlib.contextmanager
    def _counted(self, connection: socket.socket) -> Iterator[None]:
        with self._lock:
            self._open.add(connection)
            self.busiest = max(self.busiest, len(self._open))
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(connection)

    def _crowded(self) -> bool:
        """Whether more are here than may be; who has hung up is gone, even if the thread that served it lingers."""
        with self._lock:
            return bool(self.most_parallel) and sum(not _hung_up(one) for one in self._open) > self.most_parallel

    def _answer(self, connection: socket.socket) -> None:
        request = _read_request(connection)
        if request is None:
            return
        self.requests.append(request)
        visit = Visit(request, connection, self._stopping)
        (reset if self._crowded() else self._routes.get(request.path, status(404)))(visit)
        _finish(connection)


def _hung_up(connection: socket.socket) -> bool:
    if (descriptor := connection.fileno()) < 0:
        return True
    waiting = select.poll()
    waiting.register(descriptor, select.POLLRDHUP)
    return bool(waiting.poll(0))


def _finish(connection: socket.socket) -> None:
    """Closes so that what was sent arrives: unread input would turn the end into a reset."""
    with contextlib.suppress(OSError):
        connection = connection.unwrap() if isinstance(connection, ssl.SSLSocket) else connection
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(0.2)
        while connection.recv(65_536):
            pass


def _read_request(connection: socket.socket) -> Request | None:
    with connection.makefile("rb") as stream:
        first = stream.readline(65_536).decode("latin-1").split()
        if len(first) != 3:
            return None
        headers = {}
        while line := stream.readline(65_536).decode("latin-1").strip():
            name, _colon, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = stream.read(int(headers.get("content-length", "0")))
    return Request(first[0], first[1], headers, body)
