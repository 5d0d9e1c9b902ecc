"""How elements of ISO 19139 are read: by local names, because catalogues mix namespaces (gml 3.1 and 3.2) and prefixes.

A path is written ``citation/*/title``; ``*`` is any element. Nothing here raises: what is not there is empty.
"""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.mainz.foundation.xml import Element

#: Elements that hold a text, and the one that holds it in other languages.
LOCALISED = "PT_FreeText"


def name_of(element: Element) -> str:
    """The name without its namespace; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def each(element: Element | None, path: str) -> Iterator[Element]:
    """All elements at a path below an element."""
    step, _slash, rest = path.partition("/")
    for child in element if element is not None else ():
        name = name_of(child)
        if name and step in ("*", name):
            if rest:
                yield from each(child, rest)
            else:
                yield child


def first(element: Element | None, path: str) -> Element | None:
    """The first element at a path."""
    return next(each(element, path), None)


def below(element: Element | None, name: str) -> Iterator[Element]:
    """All elements of a name anywhere below."""
    for one in element.iterdescendants() if element is not None else ():
        if name_of(one) == name:
            yield one


def text(element: Element | None) -> str:
    """The text of a property: of its CharacterString, Anchor or whatever holds it, in German or the first language
    where that is empty, else its bare text."""
    if element is None:
        return ""
    for child in element:
        if name_of(child) != LOCALISED and (found := _whole(child)):
            return found
    return _localised(element) or (element.text or "").strip()


def _whole(element: Element) -> str:
    return "".join(element.itertext()).strip() if name_of(element) else ""


def _localised(element: Element) -> str:
    found = {attribute(one, "locale").strip("#").casefold()[:2]: _whole(one) for one in below(element, _LOCAL_TEXT)}
    return found.get("de") or found.get("ge") or next((one for one in found.values() if one), "")


_LOCAL_TEXT = "LocalisedCharacterString"


def href(element: Element | None) -> str:
    """The address of the Anchor in a property, or of the property itself."""
    if element is None:
        return ""
    own = [attribute(one, "href") for one in (*element, element) if name_of(one)]
    return next((one for one in own if one), "")


def attribute(element: Element | None, name: str) -> str:
    """An attribute of any namespace."""
    for key, value in element.attrib.items() if element is not None else ():
        if key.rpartition("}")[2] == name:
            return value.strip()
    return ""


def code(element: Element | None) -> str:
    """The value of a code list in a property: its attribute, else its text."""
    inner = next(iter(element), None) if element is not None else None
    return attribute(inner, "codeListValue") or text(element)


def text_at(element: Element | None, path: str) -> str:
    """The text of the first property at a path."""
    return text(first(element, path))


def texts_at(element: Element | None, path: str) -> tuple[str, ...]:
    """The texts of all properties at a path, without empty ones."""
    return tuple(found for one in each(element, path) if (found := text(one)))


def codes_at(element: Element | None, path: str) -> tuple[str, ...]:
    """The codes of all properties at a path, without empty ones."""
    return tuple(found for one in each(element, path) if (found := code(one)))
