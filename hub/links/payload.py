"""Stored content back into declarations."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any

from schemas import declarations
from schemas.declarations import DECLARATION_TYPES, Declaration, RecordingDeclaration, WorkDeclaration


@cache
def _shapes(cls: Hashable) -> Mapping[str, type[Any] | None]:
    """For each field the dataclass its items are of, None for scalars and tuples of scalars."""
    hints = typing.get_type_hints(cls, vars(declarations))
    shapes: dict[str, type[Any] | None] = {}
    for item in dataclasses.fields(typing.cast(type[Any], cls)):
        inner = hints[item.name]
        while typing.get_args(inner):
            inner = typing.get_args(inner)[0]
        shapes[item.name] = inner if dataclasses.is_dataclass(inner) else None  # type: ignore[assignment]
    return shapes


def restore(cls: type[Any], content: Mapping[str, Any]) -> Any:
    """An object of ``cls`` from the content that ``schemas.declaration_content.content`` made of it."""
    shapes = _shapes(typing.cast(Hashable, cls))
    return cls(**{name: _value(shapes[name], value) for name, value in content.items()})


def _value(shape: type[Any] | None, value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_value(shape, item) for item in value)
    if shape is not None and isinstance(value, dict):
        return restore(shape, value)
    return value


def work_from(content: Mapping[str, Any]) -> WorkDeclaration:
    """A work from its content."""
    return restore(WorkDeclaration, content)  # type: ignore[no-any-return]


def recording_from(content: Mapping[str, Any]) -> RecordingDeclaration:
    """A recording from its content."""
    return restore(RecordingDeclaration, content)  # type: ignore[no-any-return]


def declaration_from(kind: str, content: Mapping[str, Any]) -> Declaration:
    """A declaration of any kind from its content."""
    return restore(DECLARATION_TYPES[kind], content)  # type: ignore[no-any-return]
