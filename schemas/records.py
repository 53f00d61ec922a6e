"""Frozen dataclasses that are made twice as fast.

The ``__init__`` that ``dataclass(frozen=True)`` writes sets each field by a call of ``object.__setattr__``. A
reader makes millions of declarations, so here an object is filled by plain assignments while its class is an
unfrozen twin with the same slots, and becomes frozen with the last of them.
"""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar, dataclass_transform

_Record = TypeVar("_Record")


@dataclass_transform(frozen_default=True, field_specifiers=(dataclasses.field,))
def record(cls: type[_Record]) -> type[_Record]:
    """A frozen dataclass with slots that is made quickly."""
    return quick_init(dataclasses.dataclass(frozen=True, slots=True)(cls))


def quick_init(cls: type[_Record]) -> type[_Record]:
    """Give a frozen dataclass with slots, no base and no ``__post_init__`` an ``__init__`` of assignments.

    Parameters and defaults stay what they were.

    Raises:
        TypeError: the class is of another kind; it would not keep what the dataclass promises.
    """
    named = dataclasses.fields(cls)  # type: ignore[arg-type]
    plain = all(item.init and item.default_factory is dataclasses.MISSING for item in named)
    slots = tuple(vars(cls).get("__slots__", ()))
    if cls.__bases__ != (object,) or hasattr(cls, "__post_init__") or not plain:
        raise TypeError(f"{cls.__name__} is not a plain dataclass")
    if slots != tuple(item.name for item in named) or not cls.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        raise TypeError(f"{cls.__name__} is not frozen or has no slots")
    # Twins are told apart by nobody: an object is of this class within its __init__ alone.
    twin = type(cls.__name__, (), {"__slots__": slots, "__module__": cls.__module__})
    known: dict[str, Any] = {"_twin": twin, "_class": cls, "_set": object.__setattr__}
    parameters = []
    for item in named:
        if item.default is dataclasses.MISSING:
            parameters.append(item.name)
        else:
            known[f"_default_{item.name}"] = item.default
            parameters.append(f"{item.name}=_default_{item.name}")
    lines = [f"def __init__(self, {', '.join(parameters)}):", "    _set(self, '__class__', _twin)"]
    lines += [f"    self.{item.name} = {item.name}" for item in named]
    lines.append("    self.__class__ = _class")
    exec("\n".join(lines), known)  # noqa: S102 - names of fields alone, as dataclasses does it
    known["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    known["__init__"].__annotations__ = dict(vars(cls)["__init__"].__annotations__)
    setattr(cls, "__init__", known["__init__"])  # noqa: B010 - the class is not known to have another
    return cls
