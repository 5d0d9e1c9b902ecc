"""What a proposal changes: the difference between two states of a record, and how it is put onto a third. Pure.

A record is compared as `package_show` gives it, without what CKAN computes and what only governance changes. Files are
known by their ids, so that a renamed file is one that was renamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Dict = dict[str, Any]

COMPUTED = frozenset(
    [
        "id",
        "type",
        "state",
        "creator_user_id",
        "isopen",
        "license_title",
        "license_url",
        "metadata_created",
        "metadata_modified",
        "num_resources",
        "num_tags",
        "organization",
        "owner_org",
        "private",
        "relationships_as_object",
        "relationships_as_subject",
        "visibility",
        "lifecycle",
        "shared_with",
        "resources",
        "mainz_proposal",
        "mainz_notice",
        "plugin_data",
        "with_capacity",
        "capacity",
    ]
)
COMPUTED_OF_FILES = frozenset(
    [
        "id",
        "package_id",
        "position",
        "state",
        "created",
        "last_modified",
        "metadata_modified",
        "datastore_active",
        "datastore_contains_all_records_of_source_file",
        "cache_last_updated",
        "on_same_domain",
        "upload",
        "clear_upload",
    ]
)
FILE = ("file_key", "url", "url_type", "size", "hash", "hash_algorithm", "mimetype", "format", "compress_format")
"""Fields that belong to the bytes: a new delivery brings them all."""
EMPTY = (None, "", [], {})


@dataclass(frozen=True)
class Changed:
    """A value before and after; None where there was or is none."""

    old: Any
    new: Any


@dataclass(frozen=True)
class FileChange:
    """What happens to a file. `old` is None for a new one, `new` for one that goes; `fields` what differs else."""

    id: str
    name: str
    old: Dict | None
    new: Dict | None
    fields: Mapping[str, Changed] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        return "added" if self.old is None else "removed" if self.new is None else "changed"

    @property
    def new_bytes(self) -> bool:
        """Whether other bytes take the place of the present ones."""
        return "file_key" in self.fields or (self.old is None and bool((self.new or {}).get("file_key")))


@dataclass(frozen=True)
class Changes:
    """All that differs. `order` holds ids of files where their order changes."""

    fields: Mapping[str, Changed] = field(default_factory=dict)
    files: tuple[FileChange, ...] = ()
    order: Changed | None = None

    def __bool__(self) -> bool:
        return bool(self.fields or self.files or self.order)

    def as_json(self) -> Dict:
        """The form in which a proposal is stored."""
        return {
            "fields": {name: [one.old, one.new] for name, one in self.fields.items()},
            "files": [{"id": one.id, "name": one.name, "old": one.old, "new": one.new} for one in self.files],
            "order": [self.order.old, self.order.new] if self.order else None,
        }


def from_json(stored: Mapping[str, Any]) -> Changes:
    """Changes as they were stored by `Changes.as_json`."""
    files = (_file(one["id"], one["old"], one["new"]) for one in stored.get("files") or ())
    order = stored.get("order")
    return Changes(
        {name: Changed(*pair) for name, pair in (stored.get("fields") or {}).items()},
        tuple(one for one in files if one is not None),
        Changed(*order) if order else None,
    )


def compare(released: Mapping[str, Any], wanted: Mapping[str, Any]) -> Changes:
    """What turns the released state of a record into the wanted one."""
    before, after = _files(released), _files(wanted)
    found = (_file(id, before.get(id), after.get(id)) for id in dict.fromkeys((*before, *after)))
    order = Changed(list(before), list(after))
    moved = [one for one in before if one in after] != [one for one in after if one in before]
    return Changes(
        _fields(_content(released), _content(wanted)),
        tuple(one for one in found if one is not None),
        order if moved else None,
    )


def _content(record: Mapping[str, Any]) -> Dict:
    found = {name: value for name, value in record.items() if name not in COMPUTED and value not in EMPTY}
    if "tags" in found:
        found["tags"] = sorted(one["name"] for one in found["tags"])
    if "groups" in found:
        found["groups"] = sorted(one["name"] for one in found["groups"])
    return found


def said_of_file(file: Mapping[str, Any]) -> Dict:
    """What is said of a file, without what belongs to its bytes."""
    return {name: value for name, value in _file_content(file).items() if name not in FILE}


def _files(record: Mapping[str, Any]) -> dict[str, Dict]:
    return {one["id"]: _file_content(one) for one in record.get("resources") or ()}


def _file_content(resource: Mapping[str, Any]) -> Dict:
    found = {name: value for name, value in resource.items() if name not in COMPUTED_OF_FILES and value not in EMPTY}
    if found.get("url_type") == "upload":
        found["url"] = str(found.get("url", "")).rsplit("/", 1)[-1]
    return found


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Changed]:
    names = dict.fromkeys((*before, *after))
    return {name: Changed(before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name)}


def _file(id: str, old: Dict | None, new: Dict | None) -> FileChange | None:
    if old == new:
        return None
    shown = new or old or {}
    name = str(shown.get("name") or shown.get("url") or id)
    return FileChange(id, name, old, new, _fields(old, new) if old is not None and new is not None else {})


@dataclass(frozen=True)
class Conflict:
    """Something that was changed otherwise since the proposal was made. `file` is empty for a field of the record."""

    field: str
    expected: Any
    found: Any
    wanted: Any
    file: str = ""


@dataclass(frozen=True)
class Applied:
    """A record with changes put onto it, and what stood in the way: then nothing is to be saved."""

    record: Dict
    conflicts: tuple[Conflict, ...]


def apply(current: Mapping[str, Any], changes: Changes) -> Applied:
    """Puts changes onto the present state of a record."""
    content = {**_content(current), "shared_with": sorted(current.get("shared_with") or ())}
    conflicts = [
        Conflict(name, one.old, content.get(name), one.new)
        for name, one in changes.fields.items()
        if not _is_either(content.get(name), one)
    ]
    record = {**current, **{name: _stored(name, one.new) for name, one in changes.fields.items()}}
    resources: list[Dict] = list(current.get("resources") or ())
    for one in changes.files:
        conflicts += _apply_file(resources, one)
    if changes.order:
        resources = _ordered(resources, changes.order.new)
    return Applied({**record, "resources": resources}, tuple(conflicts))


def carried(current: Mapping[str, Any], earlier: Changes, later: Changes) -> Changes:
    """A later change that holds an earlier one, with what stands in the way of the earlier one standing there still.

    What was changed otherwise since the earlier one was made is no longer in the way where its author has chosen
    another value by now; what they have left as it was keeps the state that it was made of, so that whoever decides is
    told.
    """
    ours = {one.id: one for one in later.files}
    present = {one["id"] for one in current.get("resources") or ()}
    for one in earlier.files:
        if _apply_file([*(dict(each) for each in current.get("resources") or ())], one):
            kept = _carried_file(one, ours.get(one.id), one.id in present)
            ours = {**ours, one.id: kept} if kept is not None else ours
    fields = {
        name: Changed(earlier.fields[name].old, one.new) if _in_the_way(current, earlier, name, one) else one
        for name, one in later.fields.items()
    }
    return Changes(fields, tuple(ours.values()), later.order)


def _in_the_way(current: Mapping[str, Any], earlier: Changes, name: str, later: Changed) -> bool:
    mine = earlier.fields.get(name)
    return mine is not None and later.new == mine.new and not _is_either(_content(current).get(name), mine)


def _carried_file(earlier: FileChange, later: FileChange | None, is_there: bool) -> FileChange | None:
    """A change of a file that was changed otherwise since; None where nothing of it is wanted any more."""
    if later is None:  # the author wants it as it is now, or what they have changed is gone
        return None if is_there or earlier.old is None or earlier.new is None else earlier
    if earlier.new is None or later.new is None or later.old is None:
        return earlier if earlier.new is None and later.new is None else later
    untouched = {
        name: one.old for name, one in _fields(earlier.old or {}, earlier.new).items() if later.new.get(name) == one.new
    }
    before = {name: value for name, value in {**later.old, **untouched}.items() if value not in EMPTY}
    return _file(later.id, before, later.new)


def _is_either(value: Any, change: Changed) -> bool:
    """Whether a field is as it was before or after a change. An empty list is the same as no field."""
    return any((value or None) == (one or None) for one in (change.old, change.new))


def _stored(name: str, value: Any) -> Any:
    if name in ("tags", "groups"):
        return [{"name": one} for one in value or ()]
    return "" if value is None else value


def _apply_file(resources: list[Dict], change: FileChange) -> list[Conflict]:
    """Changes the list in place; gives what stood in the way."""
    at = next((place for place, one in enumerate(resources) if one["id"] == change.id), None)
    if at is None:
        if change.old is None and change.new is not None:
            resources.append({**change.new, "id": change.id})
            return []
        return [] if change.new is None else [Conflict("url", change.old, None, change.new, change.name)]
    if change.new is None:
        gone = resources.pop(at)
        left = _fields(change.old or {}, _file_content(gone))
        return [Conflict(name, one.old, one.new, None, change.name) for name, one in left.items()]
    content = _file_content(resources[at])
    found = change.fields or _fields(content, change.new)
    conflicts = [
        Conflict(name, one.old, content.get(name), one.new, change.name)
        for name, one in found.items()
        if content.get(name) not in (one.old, one.new)
    ]
    resources[at] = {**resources[at], **{name: "" if one.new is None else one.new for name, one in found.items()}}
    return conflicts


def _ordered(resources: list[Dict], order: Iterable[str]) -> list[Dict]:
    by_id = {one["id"]: one for one in resources}
    first = [by_id.pop(id) for id in order if id in by_id]
    return [*first, *by_id.values()]


def snapshot(record: Mapping[str, Any]) -> Dict:
    """A state of a record in the form in which states are compared: ``{"fields": …, "files": [{"id", …}]}``."""
    files = [{"id": id, **one} for id, one in _files(record).items()]
    return {"fields": _content(record), "files": files}


def between(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> Changes:
    """What differs between two snapshots."""
    before = {one["id"]: {k: v for k, v in one.items() if k != "id"} for one in earlier.get("files") or ()}
    after = {one["id"]: {k: v for k, v in one.items() if k != "id"} for one in later.get("files") or ()}
    found = (_file(id, before.get(id), after.get(id)) for id in dict.fromkeys((*before, *after)))
    fields = _fields(earlier.get("fields") or {}, later.get("fields") or {})
    return Changes(fields, tuple(one for one in found if one is not None))


def rebased(wanted: Mapping[str, Any], released: Mapping[str, Any], working: Mapping[str, Any]) -> Dict:
    """A whole record that a client made from the released one, on top of what its author has proposed already.

    What the client sends as it was released is taken from the working copy; what it changed stays as it is.
    """
    base, sent = _content(released), _content(wanted)
    result = dict(wanted)
    for name in {*base, *_content(working), *sent}:
        if sent.get(name) == base.get(name) and name in working:
            result[name] = working[name]
    if "resources" in wanted:
        result["resources"] = _rebased_files(wanted["resources"], released, working)
    return result


def _rebased_files(sent: Iterable[Any], released: Mapping[str, Any], working: Mapping[str, Any]) -> list[Any]:
    base, mine = _files(released), {one["id"]: one for one in working.get("resources") or ()}
    result = []
    seen = set()
    for one in sent:
        id = one.get("id") if isinstance(one, dict) else None
        seen.add(id)
        if id in base and id not in mine:
            continue
        result.append(mine[id] if id in base and _file_content(one) == base[id] else one)
    return result + [one for id, one in mine.items() if id not in base and id not in seen]
