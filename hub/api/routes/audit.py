"""``/audit``: roots of the log and proofs of entries."""

from __future__ import annotations

from operator import itemgetter
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from hub.access import denials
from hub.api.listings import Listed, exportable, following
from hub.api.problems import responses
from hub.api.security import OpenHub, Reader
from hub.audit import proofs
from hub.db.engine import reading

router = APIRouter(prefix="/audit", tags=["audit"])
Size = Annotated[int | None, Query(ge=0, le=2**53, description="Only the first so many entries.")]


class RootOut(BaseModel):
    """The Merkle root (RFC 9162) over the first ``size`` entries; ``head`` and ``at`` are the last one's."""

    size: int
    root: str
    head: str
    at: str


class EntryOut(BaseModel):
    """An entry as it was hashed; ``body`` is JSON text, ``at`` microseconds since 1970."""

    id: int
    at: int
    kind: str
    actor: str
    subject: str
    body: str
    previous: str


class ProvedOut(BaseModel):
    """An entry and the hashes beside its way to the root."""

    entry: EntryOut
    path: list[str]


class ProofOut(BaseModel):
    """What ``hub audit check`` takes."""

    size: int
    root: str
    entries: list[ProvedOut]


class PointOut(BaseModel):
    """A size of the log and its root."""

    size: int
    root: str


class ContinuationOut(BaseModel):
    """Whether the log goes on from an earlier root, with the consistency path that shows it."""

    earlier: PointOut
    now: PointOut
    path: list[str]
    holds: bool


class LoggedOut(BaseModel):
    """An entry for reading; proofs carry it as it was hashed."""

    id: int
    at: str
    kind: str
    actor: str
    subject: str
    body: dict[str, Any]
    hash: str


@router.get("", response_model=list[LoggedOut], responses=exportable(), summary="The log")
def list_entries(hub: OpenHub, caller: Reader, listed: Listed) -> Any:
    """Entries in their order: the caller's own, and those that are public."""

    def page(after: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        with reading(hub.engine) as connection:
            found = proofs.entries(connection, viewer=caller.viewer, after=after or 0, limit=limit)
        return found, following(found, limit, itemgetter("id"))

    return listed.of(LoggedOut, page, "log")


class DenialOut(BaseModel):
    """Attempts of one key at one route that were refused within a minute; ``who`` is empty for unknown
    keys."""

    id: int
    minute: str
    who: str = Field(examples=["hub_1a2b3c4d"])
    society: str
    role: str
    method: str
    route: str
    code: str
    attempts: int
    last: str


@router.get("/denials", response_model=list[DenialOut], responses=exportable(), summary="Refused attempts")
def list_denials(hub: OpenHub, caller: Reader, listed: Listed) -> Any:
    """The newest first: everybody's for auditors and the operator, otherwise those of the caller's own
    keys."""

    def page(before: int | None, limit: int) -> tuple[list[dict[str, Any]], int | None]:
        found = denials.listing(hub, caller, before=before, limit=limit)
        return found, following(found, limit, itemgetter("id"))

    return listed.of(DenialOut, page, "denials")


@router.get("/root", responses=responses(), summary="The Merkle root over the log")
def get_root(hub: OpenHub, _caller: Reader, size: Size = None) -> RootOut:
    """Keep it: later proofs and roots are checked against it."""
    with reading(hub.engine) as connection:
        return RootOut(**proofs.signed_root(connection, size))


@router.get("/proofs/{name}", responses=responses(404), summary="Prove that entries are in the log")
def get_proof(name: str, hub: OpenHub, caller: Reader, size: Size = None) -> ProofOut:
    """`name` is the number of an entry or the id of what it is about; own entries and public ones only."""
    with reading(hub.engine) as connection:
        return ProofOut(**proofs.prove(connection, name, size, viewer=caller.viewer))


@router.get("/continuation", responses=responses(), summary="Check the log against an earlier root")
def get_continuation(
    hub: OpenHub,
    _caller: Reader,
    size: Annotated[int, Query(ge=1, le=2**53)],
    root: Annotated[str, Query(max_length=64)],
) -> ContinuationOut:
    """Whether the entries that once had this root still begin the log, unaltered."""
    with reading(hub.engine) as connection:
        return ContinuationOut(**proofs.continuation(connection, size, root))
