"""Making frozen objects at the price of ordinary ones.

The ``__init__`` of a frozen dataclass sets every field through ``object.__setattr__``, which costs three
times as much as an assignment; a file of a million works makes ten million of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

Made = TypeVar("Made")


def maker(cls: type[Made]) -> Callable[..., Made]:
    """A function that makes what ``cls`` would, of *all* fields, by their places.

    ``cls`` is a frozen dataclass with slots and without ``__post_init__``. A class with the same slots is
    filled by plain assignments and then becomes ``cls``; the interpreter allows that for equal slots only.

    >>> from schemas.declarations import Title
    >>> maker(Title)("SONG", "OT", "") == Title("SONG")
    True
    """
    names = [field.name for field in fields(cls)]  # type: ignore[arg-type]
    source = "\n".join(
        [
            f"def __init__(self, {', '.join(names)}):",
            *[f"    self.{name} = {name}" for name in names],
            "    self.__class__ = cls",
        ]
    )
    namespace: dict[str, Any] = {}
    # The source holds nothing but names of fields, as what dataclasses generate does.
    exec(source, {"cls": cls}, namespace)  # noqa: S102
    return type(f"_New{cls.__name__}", (), {"__slots__": tuple(names), "__init__": namespace["__init__"]})
