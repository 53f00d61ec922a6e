"""Facts that many questions will need, read at once before they are asked.

One question after another costs some fifteen statements each, most of it in putting them together. A desk
that knows its questions reads for all of them at once; the functions that look facts up take them from here
and ask the database only for what is missing. Facts are those of one known instant, so they cannot be stale.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

if TYPE_CHECKING:
    from hub.answers.cards import Card
    from hub.answers.contents import Said
    from hub.answers.standing import Standing
    from hub.catalogue.subjects import Declared, Linked

OPTION = "ahead"


@dataclass(slots=True)
class Ahead:
    """What is known already, each under the key that a function would ask the database by.

    A key that is absent was not read; one without rows was read and has none.
    """

    at: int
    named: dict[tuple[str, str], frozenset[int]] = field(default_factory=dict)
    """Source subjects known at the instant by (scheme, identifier)."""
    numbered: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    """Source works of any time by (submitter, its own number)."""
    clusters: dict[int, int] = field(default_factory=dict)
    linked: dict[int, Linked] = field(default_factory=dict)
    declared: dict[int, list[Declared]] = field(default_factory=dict)
    claims: dict[int, list[Any]] = field(default_factory=dict)
    said: dict[int, Said] = field(default_factory=dict)
    """What declarations say in their content, in place of their claims."""
    references: dict[int, list[Any]] = field(default_factory=dict)
    judged: dict[int, list[Any]] = field(default_factory=dict)
    """Positive judgements that a source recording embodies a work."""
    bases: dict[str, str] = field(default_factory=dict)
    """IPI base numbers by IPI name number, empty where none is known."""
    aliases: dict[str, set[str]] = field(default_factory=dict)
    """IPI name numbers by IPI base number."""
    settled: dict[int, list[Any]] = field(default_factory=dict)
    """Settlements about shares by the source subject that stands back; read with its declarations."""
    public_domain: dict[int, list[Any]] = field(default_factory=dict)
    """Decisions by the source subject that they are about; read with its declarations."""
    standing: Standing | None = None
    cards: dict[int, Card | None] = field(default_factory=dict)
    """Linked subjects as decisions see them, as far as somebody looked."""

    def only_cluster(self, subjects: Collection[int]) -> int | None:
        """The cluster of all of these subjects; None for several or none."""
        found: int | None = None
        for subject in subjects:
            cluster = self.clusters[subject]
            if found is not None and cluster != found:
                return None
            found = cluster
        return found


def ahead(connection: Connection, at: int) -> Ahead:
    """What was read ahead on this connection for an instant; nothing if nothing was."""
    found = connection.get_execution_options().get(OPTION)
    return found if isinstance(found, Ahead) and found.at == at else Ahead(at)


def keep(connection: Connection, facts: Ahead) -> None:
    """Use these facts on this connection from now on."""
    connection.execution_options(**{OPTION: facts})


def has(known: Mapping[Any, Any], keys: Collection[Any]) -> bool:
    """Whether all of these were read; of nothing nothing needs to be."""
    return all(key in known for key in keys)
