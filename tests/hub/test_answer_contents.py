"""What answers take from contents of declarations is what the tables say, and every mandate that counts."""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import orjson
import pytest
from hubs import MANDATE_HEADER, WORKS, answer, fresh_hub, send
from random_worlds import make, together
from sqlalchemy import select
from world_loading import load

from hub.answers.book import RegisterBook, counting
from hub.answers.contents import plain_codes, plain_references, said
from hub.answers.embodied import REFERENCES
from hub.answers.statements import CLAIMS
from hub.catalogue.subjects import CODES
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading
from hub.db.tables import DECLARATION, IDENTIFIER
from hub.jurisdictions import import_rules
from schemas.declaration_content import encode
from schemas.declarations import (
    Affiliation,
    Claim,
    CollectionShare,
    PartyName,
    RightShare,
    WorkDeclaration,
)
from schemas.shares import WHOLE

FEEDS = files("hub.demo").joinpath("feeds")
_SHARES = (
    "right",
    "basis",
    "share",
    "territories",
    "role",
    "controlled",
    "chain",
    "uses",
    "valid_from",
    "valid_to",
)
_PARTY = ("name", "given", "ipi_name", "ipi_base", "isni", "ipn", "dpid")


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """The shipped feeds and random worlds."""
    folder = tmp_path_factory.mktemp("hub")
    with fresh_hub(f"sqlite:///{folder / 'hub.db'}", folder) as opened:
        load(opened, together(make(311, number) for number in range(40)))
        for name in (
            "02-kazak.V21",
            "03-altyn-dala.v22",
            "04-label-ern43.xml",
            "05-recordings-producers.csv",
        ):
            send(opened, FEEDS.joinpath(name).read_bytes())
        yield opened


def test_contents_say_what_the_tables_say(hub: Hub) -> None:
    looked_at = {"claims": 0, "codes": 0, "references": 0}
    with reading(hub.engine) as connection:
        named: dict[tuple[str, str], set[int]] = {}
        for scheme, value, subject in connection.execute(
            select(IDENTIFIER.c.scheme, IDENTIFIER.c.value, IDENTIFIER.c.subject_id)
        ):
            named.setdefault((scheme, value), set()).add(subject)
        for number, subject, kind, payload in connection.execute(
            select(
                DECLARATION.c.id, DECLARATION.c.subject_id, DECLARATION.c.kind, DECLARATION.c.payload
            ).where(DECLARATION.c.kind.in_(("work", "recording")))
        ):
            content = orjson.loads(payload)
            codes = plain_codes(kind, content, subject, named)
            if codes is not None:
                stored = {(scheme, value) for _, scheme, value in CODES.rows(connection, [number])}
                assert set(codes) == stored
                looked_at["codes"] += bool(stored)
            references = plain_references(number, content) if kind == "recording" else None
            if references is not None:
                assert references == [tuple(row) for row in REFERENCES.rows(connection, [number])]
                looked_at["references"] += bool(references)
            found = said(payload, content)
            if found is None:
                continue
            rows = list(CLAIMS.rows(connection, [number]))
            pattern = found.pattern
            assert len(rows) == len(pattern.rows)
            for place, row in enumerate(rows):
                for name in _SHARES:
                    assert getattr(row, name) == getattr(pattern.rows[place], name)
                for name in _PARTY:
                    assert getattr(row, name) == found.party(place).get(name, "")
                assert row.society == found.society(place)
            looked_at["claims"] += bool(rows)
    assert min(looked_at.values()) > 5, looked_at


def declared(name: str, number: str, society: str, own: str) -> WorkDeclaration:
    """A work of one writer."""
    claim = Claim(
        PartyName(name, ipi_name=number), "CA", collection=(CollectionShare((), (RightShare("PR", WHOLE),)),),
        affiliations=(Affiliation("PR", society),), own_ref=own,
    )  # fmt: skip
    return WorkDeclaration(f"W{own}", f"Song {own}", claims=(claim,))


def test_who_it_is_makes_no_other_pattern() -> None:
    """Else every work would have one of its own, and nothing could be kept."""
    encoded = [
        encode(declared(*who))
        for who in (("ONE", "00000000109", "177", "A1"), ("OTHER", "00000000208", "901", "B2"))
    ]
    one, other = (said(payload, orjson.loads(payload)) for payload in encoded)
    assert one is not None
    assert other is not None
    assert one.pattern is other.pattern
    assert (one.society(0), other.society(0)) == ("177", "901")


def test_a_party_without_a_number_is_looked_up() -> None:
    payload = encode(declared("ONE", "", "177", "A1"))
    assert said(payload, orjson.loads(payload)) is None


RULES = (
    b"rule,territories,rights,society,effect,valid_from,valid_to,source\n"
    b"one,KZ,PR|MR,,hold,2020-01-01,,an invented law\n"
)


def test_a_rule_joins_rights_whose_mandates_count(database_url: str, tmp_path: Path) -> None:
    """A mandate for another right of the same sphere is no part of a chain, but the rule looks at it."""
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        number = answer(opened)["lines"][0]["party"]["ipi"]
        rows = "".join(
            f"{ref},party,{number},SOMEONE,{holder},{right},*,2136,2010-01-01,,Y,declaration,,\n"
            for ref, holder, right in (("A", "177", "PR"), ("B", "901", "MR"), ("C", "901", "SR"))
        )
        send(opened, f"{MANDATE_HEADER}{rows}")
        line = answer(opened)["lines"][0]
        assert (line["status"], "one_society" in line["reasons"]) == ("payable", False)
        with reading(opened.engine) as connection:
            book = RegisterBook(connection, horizon(connection))
            [one] = book.granted(frozenset([number]), "PR")
            assert [row[5].rights for row in one.rows] == [("PR",)]
        import_rules(opened, io.BytesIO(RULES))
        line = answer(opened)["lines"][0]
        assert (line["status"], "one_society" in line["reasons"]) == ("held", True)
        with reading(opened.engine) as connection:
            book = RegisterBook(connection, horizon(connection))
            assert counting("PR", book.standing.rules) == {"PR", "MR"}
            [one] = book.granted(frozenset([number]), "PR")
            assert [row[5].rights for row in one.rows] == [("PR",), ("MR",)]
