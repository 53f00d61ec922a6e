"""One walk over an element that sorts what is in it by the fields of an element table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lxml import etree

from schemas.ddex.elements import IGNORED, Plan

Element = etree._Element
_NOTHING: tuple[Element, ...] = ()


class Found:
    """An element and what its table says is in it: leaf elements and composites by field, in their order."""

    __slots__ = ("element", "groups", "leaves")

    def __init__(self, element: Element) -> None:
        self.element = element
        self.leaves: dict[str, list[Element]] = {}
        self.groups: dict[str, list[Found]] = {}

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
            value = one_line(found[0].text)
            return (value,) if value else ()
        return tuple(dict.fromkeys(filter(None, (one_line(item.text) for item in found))))

    def text(self, field: str) -> str:
        """The first text of a field that is not empty."""
        for item in self.leaves.get(field, _NOTHING):
            value = one_line(item.text)
            if value:
                return value
        return ""

    def flag(self, field: str) -> bool:
        """Whether a field says true."""
        return self.text(field) in ("true", "1")


def one_line(text: str | None) -> str:
    """A text without line breaks and without blanks around it.

    >>> one_line(None), one_line(chr(10) + " a  b "), one_line("ab")
    ('', 'a b', 'ab')
    """
    if not text:
        return ""
    # Most texts are one word: splitting and joining every one of them would cost more than looking.
    return text if text.isalnum() else " ".join(text.split())


def gather(element: Element, plan: Plan, unread: dict[str, int]) -> Found:
    """Walk an element by its plan; paths that the plan does not know are counted in ``unread``."""
    found = Found(element)
    _walk(element, plan, found, unread, "")
    return found


def _walk(element: Iterable[Element], plan: Plan, found: Found, unread: dict[str, int], path: str) -> None:
    leaves = found.leaves
    for child in element:
        tag = child.tag
        step = plan.get(tag)  # type: ignore[arg-type]
        if step is None:
            if not isinstance(tag, str):
                continue
            name = tag.rpartition("}")[2]
            step = plan.get(name)
            if step is None:
                here = f"{path}/{name}" if path else name
                unread[here] = unread.get(here, 0) + 1
                continue
        field = step.field
        if not field:
            _walk(child, step.below, found, unread, step.path)
        elif step.composite:
            part = Found(child)
            _walk(child, step.below, part, unread, step.path)
            found.groups.setdefault(field, []).append(part)
        elif field != IGNORED:
            known = leaves.get(field)
            if known is None:
                leaves[field] = [child]
            else:
                known.append(child)
