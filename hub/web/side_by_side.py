"""What each society says of one subject, in columns, with the rows marked in which they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.web import coded, texts
from matching.normalize.names import name_key
from matching.normalize.scripts import fold
from schemas.shares import format_percent

FIELDS = ("title", "titles", "iswc", "isrcs", "artist", "version", "duration", "year", "label", "performers")
"""What is compared besides the parties; words for people stand in ``hub/cli/words.csv``."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one society says in a row, line by line; ``differs`` from what others say of it."""

    lines: tuple[str, ...]
    differs: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A field, or a party by its name, with a cell for each society."""

    label: str
    of_party: bool
    code: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        """Whether any two say different things."""
        return any(cell.differs for cell in self.cells)


def rows(contents: Sequence[Mapping[str, Any]], language: str = "en") -> list[Row]:
    """The rows of a comparison: fields that anybody gives, then every party that anybody names."""
    found = []
    for field in FIELDS:
        said = [_values(content, field) for content in contents]
        if any(said):
            meant = [frozenset(map(fold, lines)) for lines in said]
            found.append(Row(field, False, "", _cells(said, meant)))
    named = [{_party_key(claim): claim for claim in content.get("claims", ())} for content in contents]
    for key in dict.fromkeys(key for claims in named for key in claims):
        claims = [item.get(key) for item in named]
        first = next(claim for claim in claims if claim)
        said = [_claim(claim, language) if claim else () for claim in claims]
        # A statement that names nobody at all says nothing of this party either.
        meant = [
            _meaning(claim) if claim else (frozenset({"left out"}) if content.get("claims") else frozenset())
            for claim, content in zip(claims, contents, strict=True)
        ]
        party = first["party"]
        name = " ".join(filter(None, (party.get("name"), party.get("given"))))
        code = party.get("ipi_name") or party.get("ipi_base") or party.get("isni") or ""
        found.append(Row(name, True, code, _cells(said, meant)))
    return found


def _cells(said: Iterable[tuple[str, ...]], meant: Sequence[frozenset[str]]) -> tuple[Cell, ...]:
    differ = len({item for item in meant if item}) > 1
    return tuple(Cell(lines, differ and bool(meaning)) for lines, meaning in zip(said, meant, strict=True))


def _values(content: Mapping[str, Any], field: str) -> tuple[str, ...]:
    value = content.get(field)
    if not value:
        return ()
    if isinstance(value, list):
        return tuple(dict.fromkeys(_word(item) for item in value))
    return (_word(value),)


def _word(value: Any) -> str:
    if isinstance(value, Mapping):
        party = value.get("party", value)
        return str(party.get("text") or " ".join(filter(None, (party.get("name"), party.get("given")))))
    return str(value)


def _party_key(claim: Mapping[str, Any]) -> str:
    party = claim["party"]
    code = party.get("ipi_name") or party.get("ipi_base") or party.get("isni")
    return str(code or name_key(" ".join(filter(None, (party.get("name"), party.get("given"))))))


def _claim(claim: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """A claim in lines: role and societies, what is owned, what is collected where."""
    societies = sorted({item["society"] for item in claim.get("affiliations", ()) if item["society"]})
    head = " · ".join(filter(None, (coded.role(claim.get("role", ""), language), ", ".join(societies))))
    owned = _shares(claim.get("ownership", ()), language)
    collected = [
        f"{coded.listed('|'.join(group.get('territories', ())), 'territory', language)}: "
        f"{_shares(group['shares'], language)}"
        for group in claim.get("collection", ())
    ]
    return tuple(filter(None, (head, owned and f"= {owned}", *collected)))


def _meaning(claim: Mapping[str, Any]) -> frozenset[str]:
    """What is compared of a claim: role, and shares; that a society collects all it owns is no difference."""
    owned = {f"{item['right']}={item['share']}" for item in claim.get("ownership", ())}
    if not owned:
        owned = {
            f"{item['right']}={item['share']}"
            for group in claim.get("collection", ())
            for item in group["shares"]
        }
    return frozenset({f"role={claim.get('role', '')}", *owned})


def _shares(shares: Iterable[Mapping[str, Any]], language: str) -> str:
    return "; ".join(
        f"{item['right']} {texts.number(format_percent(item['share']), language)} %" for item in shares
    )
