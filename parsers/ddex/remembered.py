"""What is remembered of a message while its recordings are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.ddex.claims import Controller
from parsers.ddex.mandates import Correspondents
from schemas.ddex.elements import ElementTable
from schemas.declarations import PartyName, Performer, WorkReference

MOST_STATEMENTS = 1000
"""So many different statements of rights controllers are remembered."""
MOST_NAMED = 20_000
"""So many contributors of the message's party list are remembered with their roles."""


@dataclass(slots=True)
class Message:
    """What a message has said before its recordings, and what is counted along the way.

    ``mandates`` is true in messages between rightsholders and societies, whose delegations are mandates;
    ``explicit`` where the message says that it gives them. ``family`` stands before the references of its
    recordings, so that a release message never replaces what the same sender said about rights.
    """

    table: ElementTable
    who: Correspondents = field(default_factory=lambda: Correspondents(PartyName("")))
    message_id: str = ""
    family: str = ""
    mandates: bool = False
    explicit: bool = False
    parties: dict[str, PartyName] = field(default_factory=dict)
    works: dict[str, WorkReference] = field(default_factory=dict)
    controllers: dict[str, list[Controller]] = field(default_factory=dict)
    named: dict[tuple[str | None, str | None], Performer] = field(default_factory=dict)
    usual: set[tuple[object, str | None]] = field(default_factory=set)
    unread: dict[str, int] = field(default_factory=dict)
