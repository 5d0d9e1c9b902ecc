"""A folder on a web server: a page that lists its files, or a list of them (JSON, CSV, or a name a line)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import Any, BinaryIO
from urllib.parse import quote, unquote, urljoin, urlsplit

from ckanext.mainz.foundation.errors import N_, ReadableError
from ckanext.mainz.foundation.http import HttpError, Response, Session
from ckanext.mainz.harvest.duva import known
from ckanext.mainz.harvest.duva.items import Found, Item, sorted_out
from ckanext.mainz.harvest.report import Reason

LOGIN = N_("{url} asks for a login instead of listing files. Ask the operator of the server for open access.")
NO_LIST = N_("{url} is neither a page with links to files nor a list of them.")
CUT = N_("The page {url} ends in the middle, so files may be missing.")
NOT_READ = N_("The folder {url} below it could not be read: {why}")
LEADS_OUT = N_("“{name}” leads out of the folder and is not read.")
FILE_NAME = re.compile(r"[^\x00-\x1f<>]{1,400}\.[A-Za-z0-9]{1,10}")
STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")
DEEPEST, SAMPLE = 5, 20_000


class _Page(HTMLParser):
    """Links of a page, and whether it asks for a password or ends in the middle."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.has_password = self.began = self.ended = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.began = self.began or tag == "html"
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))
        if tag == "input" and str(given.get("type") or "").casefold() == "password":
            self.has_password = True

    def handle_endtag(self, tag: str) -> None:
        self.ended = self.ended or tag == "html"


@dataclass(frozen=True)
class Links:
    """Addresses that a page or list has, and whether that is a page of links that ends in the middle."""

    addresses: tuple[str, ...]
    cut: bool = False


@dataclass
class WebFolder:
    """A folder. `url` may be that of the folder or of a list; what lies elsewhere than below its folder is not read."""

    session: Session
    url: str
    subfolders: bool = False
    most: int = 5000
    _whys: list[Reason] = field(default_factory=list, init=False, repr=False)
    _arrived: str = field(default="", init=False, repr=False)

    @property
    def base(self) -> str:
        """The address of the folder, with a slash at its end; where a redirect leads to, once it was asked."""
        return urljoin(self._arrived or self.url, ".")

    def found(self) -> Found:
        """See `items.Place.found`."""
        self._whys.clear()
        page = self.session.get(self.url).checked()
        self._arrived = page.url
        items = {one.name: one for one in self._items(page, 0)}
        own = self._own_list(page)
        if own:
            items[own.name] = own
        found = sorted_out(list(items.values()), self.url, self.most, next(iter(self._whys), None))
        return replace(found, own=own)

    def _own_list(self, page: Response) -> Item | None:
        """The list itself, where the address is that of one and it may tell more than names."""
        has_columns = re.search(rb'[;,\t|]|"\s*:', page.body[:SAMPLE]) is not None
        return self._below(page.url) if has_columns and not page.is_html and not page.url.endswith("/") else None

    def _items(self, page: Response, depth: int) -> Iterator[Item]:
        links = read_links(page)
        if links.cut:
            self._whys.append(Reason("cut", CUT, {"url": page.url}))
        for address in links.addresses:
            one = self._below(urljoin(page.url, address))
            if one is None:
                continue
            if not one.name.endswith("/"):
                yield one
            elif self.subfolders and page.is_html and depth < DEEPEST and len(one.address) > len(page.url):
                yield from self._inner(one, depth + 1)

    def _inner(self, folder: Item, depth: int) -> Iterator[Item]:
        try:
            page = self.session.get(folder.address).checked()
            yield from self._items(page, depth)
        except ReadableError as error:
            self._whys.append(Reason("not_read", NOT_READ, {"url": folder.address, "why": str(error)}))

    def _below(self, address: str) -> Item | None:
        """An address as a file or folder of this one; None where it is none."""
        parts, own = urlsplit(address), urlsplit(self.base)
        path, folder = unquote(parts.path), unquote(own.path)
        same = (parts.scheme, parts.netloc) == (own.scheme, own.netloc)
        if not same or parts.query or not path.startswith(folder) or path == folder or ".." in path.split("/"):
            return None
        return Item(path.removeprefix(folder), parts._replace(fragment="").geturl())

    def item(self, name: str) -> Item:
        """See `items.Place.item`."""
        one = self._below(urljoin(self.base, _as_address(name)))
        if one is None or one.name.endswith("/"):
            raise ReadableError(LEADS_OUT, name=name)
        return one

    def copy(self, item: Item, to: BinaryIO) -> None:
        """See `items.Place.copy`. A page instead of a file, such as that of a login, is refused."""
        self.session.download(item.address, to, html=False)

    def changed(self, item: Item) -> ReadableError | None:  # noqa: ARG002 - a server says how long an answer is
        """See `items.Place.changed`."""
        return None


def read_links(page: Response) -> Links:
    """What a page links to, or a list names. Raises `ReadableError` for a login page and for what is neither."""
    text = page.body.decode("utf-8-sig", "replace")
    if page.is_html or "<a " in text[:20_000].casefold():
        return _of_page(page, text)
    names = _of_json(text) if text.lstrip()[:1] in ("[", "{") else _of_lines(text)
    if not names:
        raise HttpError(page.url, NO_LIST)
    return Links(tuple(names))


def _of_page(page: Response, text: str) -> Links:
    found = _Page()
    found.feed(text)
    found.close()
    if found.has_password:
        raise HttpError(page.url, LOGIN)
    links = (one for one in found.links if not one.startswith(("?", "#", "mailto:", "javascript:")))
    return Links(tuple(dict.fromkeys(links)), cut=found.began and not found.ended)


def _of_json(text: str) -> list[str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [_as_address(one) for one in names_in(found)]


def names_in(found: Any) -> Iterator[str]:
    """Names of files in a JSON list of texts or objects, or in an object that holds one."""
    for one in entries_in(found):
        cells = one.items() if isinstance(one, dict) else [("file", one)]
        for name, value in cells:
            if known.by_name("lists").get(known.letters(str(name))) == "file":
                yield from (str(part) for part in (value if isinstance(value, list) else [value]) if part)


def entries_in(found: Any) -> Iterable[Any]:
    """The entries of a JSON list, or of the list that an object holds under one of the usual keys."""
    if isinstance(found, dict):
        keys = known.words("lists", "keys")
        found = next((one for key, one in found.items() if known.letters(key) in keys and isinstance(one, list)), [])
    return found if isinstance(found, list) else []


def _of_lines(text: str) -> list[str]:
    """The first cell of each line that looks like the name of a file, whichever sign divides the cells."""
    cells = (cell.strip().strip("\"'") for line in text.splitlines() for cell in re.split(r"[;,\t|]", line))
    return [_as_address(cell) for cell in dict.fromkeys(cells) if FILE_NAME.fullmatch(cell) and _is_file(cell)]


def _is_file(name: str) -> bool:
    ending = name.rpartition(".")[2].casefold()
    return ending in known.table("files")["tables"] or ending in known.table("files")["unfinished"]


def _as_address(name: str) -> str:
    return name if "://" in name else quote(STRAY.sub("%25", name.replace("\\", "/")), safe="/%")
