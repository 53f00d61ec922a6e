"""Records that are made quickly keep what a frozen dataclass promises."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle

import pytest

from schemas.declarations import DECLARATION_TYPES, PartyName, Title
from schemas.findings import Finding
from schemas.records import quick_init


@dataclasses.dataclass(frozen=True, slots=True)
class Usual:
    """What the standard library makes of such a class."""

    name: str
    kind: str = "OT"


Quick = quick_init(
    dataclasses.make_dataclass("Quick", [("name", str), ("kind", str, "OT")], frozen=True, slots=True)
)


def test_parameters_defaults_and_equality_are_those_of_the_dataclass() -> None:
    assert inspect.signature(Quick).parameters.keys() == inspect.signature(Usual).parameters.keys()
    assert dataclasses.astuple(Quick("a")) == dataclasses.astuple(Usual("a"))  # type: ignore[call-overload]
    assert Quick("a") == Quick(name="a", kind="OT") != Quick("b")
    assert hash(Quick("a")) == hash(Quick("a"))
    with pytest.raises(TypeError):
        Quick()
    with pytest.raises(TypeError):
        Quick("a", other="b")


def test_a_made_record_is_frozen_copied_and_pickled() -> None:
    party = PartyName("Әлімов", isni="0000000121032683")
    assert type(party) is PartyName
    with pytest.raises(dataclasses.FrozenInstanceError):
        party.name = "x"  # type: ignore[misc]
    with pytest.raises(AttributeError):
        object.__setattr__(party, "unknown", "x")
    for again in (copy.copy(party), copy.deepcopy(party), pickle.loads(pickle.dumps(party))):
        assert again == party
        assert type(again) is PartyName
    assert dataclasses.replace(party, name="Y") == PartyName("Y", isni="0000000121032683")


def test_every_declaration_is_made_so() -> None:
    for cls in (*DECLARATION_TYPES.values(), Title, Finding):
        assert "_twin" in cls.__init__.__globals__


def test_a_class_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="frozen"):
        quick_init(dataclasses.make_dataclass("Loose", ["name"], slots=True))
    with pytest.raises(TypeError, match="plain"):
        quick_init(
            dataclasses.make_dataclass(
                "Listed", [("a", list, dataclasses.field(default_factory=list))], frozen=True, slots=True
            )
        )
