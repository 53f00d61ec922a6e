"""A declaration as rows of its detail tables: identifiers, titles, claims, keys, references, mandates."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from hub.catalogue.identifier_schemes import (
    RECORDING_IN_WORK,
    SOCIETY_AGREEMENT,
    acknowledged_identifiers,
)
from hub.db.days import FOREVER
from hub.links.records import recording_record, work_hints, work_record
from matching.blocking import EMBODIED, embodied_keys, recording_keys, work_keys
from matching.normalize.names import name_key
from matching.normalize.scripts import fold
from matching.normalize.titles import title_forms
from schemas.declarations import (
    PARTY_IDENTIFIERS,
    AcknowledgementDeclaration,
    AgreementDeclaration,
    Claim,
    CollectionShare,
    Declaration,
    MandateDeclaration,
    PartyName,
    RecordingDeclaration,
    RightShare,
    WorkDeclaration,
)
from schemas.identifiers import isrc, iswc

Row = tuple[Any, ...]
CORE_TITLE = "CORE"
"""Kind of a title that the hub derived by leaving version words out; never one that was sent."""

PARTY_COLUMNS = ("id", "digest", "name", "given", "folded", *PARTY_IDENTIFIERS)
CLAIM_COLUMNS = (
    "id", "declaration_id", "party_id", "right", "basis", "share",
    "territories", "role", "society", "controlled", "chain", "position", "uses", "valid_from", "valid_to",
)  # fmt: skip
CLAIM_KEYS = 3
"""So many columns of a claim are keys, which stand first."""
MENTION_COLUMNS = ("declaration_id", "party_id")
TITLE_COLUMNS = ("id", "declaration_id", "subject_id", "text", "kind", "folded")
IDENTIFIER_COLUMNS = ("declaration_id", "subject_id", "scheme", "value")
KEY_COLUMNS = ("declaration_id", "key", "subject_id")
REFERENCE_COLUMNS = ("declaration_id", "ordinal", "subject_id", "iswc", "ref", "title", "weight")
MANDATE_COLUMNS = (
    "declaration_id", "subject_id", "grantor_type", "grantor_id", "grantor_name", "holder", "rights",
    "uses", "territories", "works", "valid_from", "valid_to", "exclusive", "basis", "evidence",
)  # fmt: skip


def party_digest(party: PartyName) -> str:
    """What makes two mentions of a party the same row."""
    parts = [party.name, party.given, party.ipi_name, party.ipi_base, party.isni, party.ipn]
    if party.dpid:
        # Only then, so that mentions stored before the identifier was kept are still the same.
        parts.append(party.dpid)
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


def party_row(number: int, digest: str, party: PartyName) -> Row:
    """The row of a party seen for the first time."""
    return (
        number, digest, party.name, party.given, name_key(party.full_name),
        party.ipi_name, party.ipi_base, party.isni, party.ipn, party.dpid,
    )  # fmt: skip


def identifiers(declaration: Declaration) -> set[tuple[str, str]]:
    """Valid identifiers by which a subject can be asked for, as (scheme, value)."""
    found: set[tuple[str, str]] = set()
    if isinstance(declaration, WorkDeclaration):
        if iswc.is_valid(declaration.iswc):
            found.add(("iswc", iswc.compact(declaration.iswc)))
        found |= {("code", f"{issuer}:{number}") for issuer, number in declaration.other_refs}
        found |= {
            (RECORDING_IN_WORK, isrc.compact(item.isrc))
            for item in declaration.recordings
            if isrc.is_valid(item.isrc)
        }
    elif isinstance(declaration, AgreementDeclaration):
        if declaration.society_ref:
            found.add((SOCIETY_AGREEMENT, declaration.society_ref))
    elif isinstance(declaration, AcknowledgementDeclaration):
        found |= acknowledged_identifiers(declaration)
    elif isinstance(declaration, RecordingDeclaration):
        found |= {("isrc", isrc.compact(code)) for code in declaration.isrcs if isrc.is_valid(code)}
    return found


def titles(declaration: Declaration) -> Iterator[tuple[str, str, str]]:
    """Distinct titles as (text, kind, folded)."""
    if not isinstance(declaration, WorkDeclaration | RecordingDeclaration):
        return
    seen: set[str] = set()
    named = [(declaration.title, "OT"), *((title.text, title.kind) for title in declaration.titles)]
    # The title without its version words is what a recording shares with its work.
    named.append((title_forms(declaration.title).core, CORE_TITLE))
    for text, kind in named:
        if text and text not in seen:
            seen.add(text)
            yield text, kind, fold(text)


def claims(declaration: Declaration) -> tuple[Claim, ...]:
    """The claims of a work or recording; other declarations have none."""
    if isinstance(declaration, WorkDeclaration | RecordingDeclaration):
        return declaration.claims
    return ()


def mentions(declaration: Declaration) -> Iterator[PartyName]:
    """Whom a declaration names without a claim, each name once: performers, the artist, other alphabets."""
    if isinstance(declaration, WorkDeclaration):
        named = [item.party for item in declaration.performers]
        shown = [item.artist for item in declaration.recordings]
    elif isinstance(declaration, RecordingDeclaration):
        named = [item.party for item in declaration.contributors]
        shown = [declaration.artist]
    else:
        return
    claimants = [claim.party for claim in declaration.claims]
    # A name in another alphabet has the numbers of the one that it is a name of.
    others = [
        replace(party, name=other.name, given=other.given, other_names=())
        for party in (*claimants, *named)
        for other in party.other_names
    ]
    seen = {name_key(party.full_name) for party in claimants}
    for party in (*named, *map(PartyName, shown), *others):
        key = name_key(party.full_name)
        if key and key not in seen:
            seen.add(key)
            yield party


def claim_rows(claim: Claim, declaration_id: int, party_id: int, take: Callable[[], int]) -> Iterator[Row]:
    """One row per right and statement.

    Zero ownership says nothing and is left out; zero collection in a territory does say something: the
    party collects nothing there.
    """
    societies = {item.right: item.society for item in claim.affiliations}
    everywhere = CollectionShare((), ())
    statements: Iterable[tuple[str, CollectionShare, RightShare]] = (
        *(("O", everywhere, item) for item in claim.ownership if item.share),
        *(("C", group, item) for group in claim.collection for item in group.shares),
    )
    for basis, group, item in statements:
        yield (
            take(), declaration_id, party_id, item.right, basis, item.share,
            "|".join(group.territories), claim.role, society_named(societies, item.right),
            claim.controlled, claim.chain,
            group.position or claim.position, "|".join(group.uses), group.valid_from, group.valid_to,
        )  # fmt: skip


def society_named(societies: Mapping[str, str], right: str) -> str:
    """The society that a claim names for a right, of those by right that it names; empty for none."""
    return societies.get(right) or societies.get("*") or ""


def match_keys(declaration: Declaration, subject_id: int, submitter: str) -> tuple[str, ...]:
    """The blocking keys under which the matcher will meet this subject."""
    if isinstance(declaration, WorkDeclaration):
        return work_keys(work_record(subject_id, submitter, declaration))
    if isinstance(declaration, RecordingDeclaration):
        recording = recording_record(subject_id, submitter, declaration)
        embodied = embodied_keys(recording, work_hints(submitter, declaration))
        return (*recording_keys(recording), *(f"{EMBODIED}{key}" for key in embodied))
    return ()


def reference_rows(declaration: Declaration, declaration_id: int, subject_id: int) -> Iterator[Row]:
    """The works that a recording says it embodies."""
    if isinstance(declaration, RecordingDeclaration):
        for ordinal, work in enumerate(declaration.works):
            code = iswc.compact(work.iswc) if iswc.is_valid(work.iswc) else work.iswc
            yield (declaration_id, ordinal, subject_id, code, work.ref, work.title, work.weight)


def mandate_row(declaration: MandateDeclaration, declaration_id: int, subject_id: int) -> Row:
    """The row of a mandate."""
    return (
        declaration_id, subject_id, declaration.grantor_type, declaration.grantor_id,
        declaration.grantor_name, declaration.holder, "|".join(declaration.rights),
        "|".join(declaration.uses), "|".join(declaration.territories), "|".join(declaration.works),
        dt.date.fromisoformat(declaration.valid_from),
        dt.date.fromisoformat(declaration.valid_to) if declaration.valid_to else FOREVER,
        declaration.exclusive, declaration.basis, declaration.evidence,
    )  # fmt: skip
