"""Roots of the log and proofs of its entries, which anybody can check without the hub.

A society that keeps a root, or gives it to somebody it trusts, can later show that a statement of its own
was on record, and that nothing up to that root was altered, added or taken away.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from hub.audit import merkle
from hub.audit.log import entry_content, verify
from hub.db import times
from hub.db.tables import EVENT
from hub.errors import NotFound, Surroundings, UsageError

PUBLIC = frozenset({"withdrawal", "judgement", "societies", "accreditation", "conflict", "conflicts"})
"""Kinds of entries that everybody may see; any other is for its actor, auditors and the operator."""

MOST = 1000
"""Entries that one proof covers at most."""

_FIELDS = ("id", "at", "kind", "actor", "subject", "body", "previous")


def signed_root(connection: Connection, size: int | None = None) -> dict[str, Any]:
    """The root over the first ``size`` entries, by default all: ``size``, ``root``, ``head``, ``at``.

    ``head`` is the hash of the last entry in the chain, ``at`` its instant; both are empty for no entry.

    Raises:
        UsageError: the log has not so many entries.
        Surroundings: the chain of hashes is broken, so nothing can be proved.
    """
    leaves, last = _leaves(connection, size)
    return {
        "size": len(leaves),
        "root": merkle.root(leaves).hex(),
        "head": last.hash if last is not None else "",
        "at": times.text(last.at) if last is not None else "",
    }


def prove(
    connection: Connection, name: str, size: int | None = None, *, viewer: str | None = None
) -> dict[str, Any]:
    """The entries about something, each with the path that proves it under the root of that size.

    ``name`` is the number of an entry or the id of a submission, withdrawal, work or recording.
    ``viewer`` is a society that sees its own and public entries; None sees all.

    Raises:
        NotFound: no entry within the size that the viewer may see.
        UsageError: the log has not so many entries.
    """
    leaves, _ = _leaves(connection, size)
    about = EVENT.c.id == int(name) if _is_number(name) else EVENT.c.subject == name
    query = select(EVENT).where(about, EVENT.c.id <= len(leaves)).order_by(EVENT.c.id).limit(MOST)
    if viewer is not None:
        query = query.where(_visible(viewer))
    rows = connection.execute(query).all()
    if not rows:
        raise NotFound(f"the log's first {len(leaves)} entries have none about {name!r}")
    return {
        "size": len(leaves),
        "root": merkle.root(leaves).hex(),
        "entries": [
            {
                "entry": {field: getattr(row, field) for field in _FIELDS},
                "path": [item.hex() for item in merkle.inclusion(leaves, row.id - 1)],
            }
            for row in rows
        ],
    }


def entries(
    connection: Connection, *, viewer: str | None = None, after: int = 0, limit: int = 100
) -> list[dict[str, Any]]:
    """Entries of the log in their order; ``viewer`` as in ``prove``, ``body`` parsed."""
    query = select(EVENT).where(EVENT.c.id > after).order_by(EVENT.c.id).limit(limit)
    if viewer is not None:
        query = query.where(_visible(viewer))
    return [
        {
            "id": row.id, "at": times.text(row.at), "kind": row.kind, "actor": row.actor,
            "subject": row.subject, "body": json.loads(row.body), "hash": row.hash,
        }
        for row in connection.execute(query)
    ]  # fmt: skip


def _visible(viewer: str) -> ColumnElement[bool]:
    return or_(EVENT.c.actor == viewer, EVENT.c.kind.in_(sorted(PUBLIC)))


def check_proof(proof: Mapping[str, Any], root: str = "") -> list[str]:
    """What is wrong with a proof; empty when every entry of it is under its root, and that is ``root``.

    It reads nothing but the proof. An empty ``root`` takes the proof's own, which then proves only that the
    proof fits together: compare it with one that was kept.

    Raises:
        UsageError: this is no proof.
    """
    try:
        size, stated = int(proof["size"]), str(proof["root"])
        faults = [] if root in ("", stated) else [f"the proof is for the root {stated}, not for {root}"]
        for item in proof["entries"]:
            entry = item["entry"]
            content = entry_content(*(entry[field] for field in _FIELDS))
            path = [bytes.fromhex(text) for text in item["path"]]
            found = merkle.rises_to(merkle.leaf(content), int(entry["id"]) - 1, size, path)
            if found is None or found.hex() != stated:
                faults.append(f"entry {entry['id']} is not under the root, or was altered")
        if not proof["entries"]:
            faults.append("the proof has no entries")
    except (KeyError, TypeError, ValueError) as fault:
        raise UsageError(f"this is no proof written by `hub audit prove`: {fault!r}") from fault
    return faults


def continuation(connection: Connection, size: int, root: str) -> dict[str, Any]:
    """Whether the log still begins with the ``size`` entries that once had this root, and the proof of it.

    Raises:
        UsageError: the root is none, or the log has fewer entries.
    """
    try:
        old = bytes.fromhex(root)
    except ValueError:
        raise UsageError(
            f"{root!r} is not a root: 64 hexadecimal digits, as `hub audit root` prints"
        ) from None
    leaves, _ = _leaves(connection, None)
    if not 0 < size <= len(leaves):
        raise UsageError(f"the log has {len(leaves)} entries; {size} cannot be the size of an earlier root")
    path, new = merkle.consistency(leaves, size), merkle.root(leaves)
    return {
        "earlier": {"size": size, "root": root.lower()},
        "now": {"size": len(leaves), "root": new.hex()},
        "path": [item.hex() for item in path],
        "holds": merkle.begins(old, size, new, len(leaves), path),
    }


def _leaves(connection: Connection, size: int | None) -> tuple[list[bytes], Any]:
    """The leaf hashes of the first entries, which must be whole, and the last of these entries."""
    found = verify(connection)
    if found.broken_at:
        raise Surroundings(
            f"the log is broken at entry {found.broken_at} ({found.reason}); nothing is proved"
        )
    query = select(EVENT).order_by(EVENT.c.id)
    if size is not None:
        if not 0 <= size <= found.entries:
            raise UsageError(f"the log has {found.entries} entries, not {size}")
        query = query.limit(size)
    leaves, last = [], None
    for row in connection.execute(query):
        leaves.append(merkle.leaf(entry_content(*(getattr(row, field) for field in _FIELDS))))
        last = row
    return leaves, last


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal() and len(name) < 16
