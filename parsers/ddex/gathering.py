"""One walk over an element that sorts what is in it by the fields of an element table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from lxml import etree

from schemas.ddex.elements import IGNORED, Plan, Step

Element = etree._Element
_NOTHING: tuple[Element, ...] = ()
MOST_PATHS = 500
"""So many unknown paths are counted one by one."""


class Found:
    """An element and what its table says is in it: leaf elements and composites by field, in their order."""

    __slots__ = ("element", "groups", "leaves")

    def __init__(self, element: Element) -> None:
        self.element = element
        self.leaves: dict[str, list[Element]] = {}
        self.groups: Mapping[str, list[Found]] = _NO_GROUPS

    def all(self, field: str) -> Sequence[Element]:
        """The elements of a field."""
        return self.leaves.get(field, _NOTHING)

    def parts(self, field: str) -> Sequence[Found]:
        """The composites of a field."""
        return self.groups.get(field, ())

    def texts(self, field: str) -> tuple[str, ...]:
        """Every distinct text of a field."""
        found = self.leaves.get(field)
        if found is None:
            return ()
        if len(found) == 1:
            value = found[0].text
            if not value:
                return ()
            if not value.isalnum():
                value = " ".join(value.split())
            return (value,) if value else ()
        return tuple(dict.fromkeys(filter(None, (one_line(item.text) for item in found))))

    def text(self, field: str) -> str:
        """The first text of a field that is not empty."""
        found = self.leaves.get(field)
        if found is None:
            return ""
        for item in found:
            value = item.text
            if value:
                # As in one_line, without a call for each of the many texts that are one word.
                if not value.isalnum():
                    value = " ".join(value.split())
                if value:
                    return value
        return ""

    def flag(self, field: str) -> bool:
        """Whether a field says true."""
        return field in self.leaves and self.text(field) in ("true", "1")


_NO_GROUPS: Mapping[str, list[Found]] = MappingProxyType({})


def one_line(text: str | None) -> str:
    """A text without line breaks and without blanks around it.

    >>> one_line(None), one_line(chr(10) + " a  b "), one_line("ab")
    ('', 'a b', 'ab')
    """
    if not text:
        return ""
    # Most texts are so already: splitting and joining every one of them would cost more than looking.
    if text.isalnum():
        return text
    if text.isprintable() and "  " not in text and text[0] != " " and text[-1] != " ":
        return text
    return " ".join(text.split())


def gather(element: Element, plan: Plan, unread: dict[str, int], path: str = "") -> Found:
    """Walk an element by its plan; paths that the plan does not know are counted in ``unread``."""
    found = Found(element)
    _walk(element, plan, found, unread, path)
    return found


def _walk(element: Element, plan: Plan, found: Found, unread: dict[str, int], path: str) -> None:
    # This loop is where a reader spends its time: it looks at every element of a message once. A slice is
    # made in one go, which is a third faster than to ask an iterator for one child after the other.
    leaves = found.leaves
    for child in element[:]:
        step = plan.get(child.tag)  # type: ignore[arg-type]
        if step is None:
            step = _otherwise(child, plan, unread, path)
            if step is None:
                continue
        field = step.field
        if step.leaf:
            if field in leaves:
                leaves[field].append(child)
            else:
                leaves[field] = [child]
        elif not field:
            _walk(child, step.below, found, unread, step.path)
        elif field != IGNORED:
            part = Found(child)
            _walk(child, step.below, part, unread, step.path)
            if found.groups is _NO_GROUPS:
                found.groups = {field: [part]}
            else:
                found.groups.setdefault(field, []).append(part)  # type: ignore[attr-defined]


def _otherwise(child: Element, plan: Plan, unread: dict[str, int], path: str) -> Step | None:
    """The step of an element that is in a namespace; one that no table knows is counted."""
    tag = child.tag
    if not isinstance(tag, str):
        return None
    name = tag.rpartition("}")[2]
    step = plan.get(name)
    if step is None:
        here = f"{path}/{name}" if path else name
        if here not in unread and len(unread) >= MOST_PATHS:
            here = "…"
        unread[here] = unread.get(here, 0) + 1
    return step
