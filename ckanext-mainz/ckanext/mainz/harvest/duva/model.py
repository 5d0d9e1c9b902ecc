"""A record while it lies in the spool: its files with what the list and their content say, as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ckanext.mainz.foundation.errors import Message
from ckanext.mainz.harvest.contents import Stored
from ckanext.mainz.harvest.duva import looking
from ckanext.mainz.harvest.duva.lists import Row
from ckanext.mainz.harvest.duva.looking import Look
from ckanext.mainz.harvest.report import Reason

Dict = dict[str, Any]


@dataclass(frozen=True)
class File:
    """A file that was read. `look`: what its content says."""

    name: str
    row: Row
    stored: Stored
    look: Look

    def as_json(self) -> Dict:
        """The form in which it lies in the spool."""
        return {"name": self.name, "row": asdict(self.row), "stored": asdict(self.stored),
                "look": looking.as_json(self.look)}  # fmt: skip

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> File:
        """From there."""
        stored = Stored(**{**found["stored"], "pieces": tuple(found["stored"]["pieces"])})
        return cls(found["name"], Row(**found["row"]), stored, looking.from_json(found["look"]))


@dataclass(frozen=True)
class Record:
    """A dataset: its files in the order of their names. `identifier`: its Kennung, or the name of its files; `faults`:
    why it cannot be taken as it is; `by_kennung`: whether a list has put the files together."""

    guid: str
    identifier: str
    files: tuple[File, ...]
    keys: tuple[str, ...] = ()
    by_kennung: bool = False
    has_levels: bool = False
    faults: tuple[Reason, ...] = field(default=())

    def as_bytes(self) -> bytes:
        """The form in which it lies in the spool."""
        own = {name: getattr(self, name) for name in ("guid", "identifier", "keys", "by_kennung", "has_levels")}
        files = [one.as_json() for one in self.files]
        faults = [one.as_json() for one in self.faults]
        return json.dumps({**own, "files": files, "faults": faults}, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Record:
        """From there."""
        found = json.loads(content)
        faults = tuple(Reason(one["code"], Message(one["message"]), one["values"]) for one in found["faults"])
        files = tuple(File.from_json(one) for one in found["files"])
        return cls(**{**found, "keys": tuple(found["keys"]), "files": files, "faults": faults})

    def told(self) -> bytes:
        """What the source says of the record, for people: its rows and files without their bytes."""
        files = [{"name": one.name, "size": one.stored.size, "sha256": one.stored.sha256,
                  "list": {name: value for name, value in asdict(one.row).items() if value}}
                 for one in self.files]  # fmt: skip
        told = {"guid": self.guid, "identifier": self.identifier, "files": files}
        return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()
