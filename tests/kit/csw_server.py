"""A CSW 2.0.2 catalogue on this machine, with invented records and the faults that real ones have.

    with CswServer(records=120, fault="empty_page") as catalogue:
        …catalogue.address…
        catalogue.play("honest")

`FAULTS` lists what it can do wrong. Numbers of records count from 0, positions in the catalogue from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.kit.csw_catalogue import Settings
from tests.kit.csw_faults import FAULTS
from tests.kit.csw_records import big_record, identifier, record
from tests.kit.misbehaving_server import MisbehavingServer

__all__ = ["FAULTS", "CswServer", "big_record", "identifier", "record"]

PATH = "/csw"
MOVED = "/moved"


@dataclass
class CswServer(MisbehavingServer):
    """A catalogue with so many `records`. `special` replaces single ones; `page` is the size that clients will use.

    With `tls` its certificate is that of `MisbehavingServer`.
    """

    records: int = 120
    fault: str = "honest"
    page: int = 50
    special: dict[int, bytes] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return self.url(PATH)

    def play(self, fault: str) -> None:
        """Goes wrong in this way from now on."""
        settings = Settings(self.address, self.url(MOVED), self.records, self.page, self.special)
        catalogue = FAULTS[fault](settings)
        self.at(PATH, catalogue.behave)
        self.at(MOVED, catalogue.behave)

    def __enter__(self) -> CswServer:
        super().__enter__()
        self.play(self.fault)
        return self
