"""The log's roots and proofs: everything true is proved, and nothing altered passes."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATES, WORKS, fresh_hub, send
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from typer.testing import CliRunner

from hub.audit import merkle, proofs
from hub.cli.app import app
from hub.context import Hub
from hub.db.engine import reading, writing
from hub.db.tables import EVENT
from hub.errors import NotFound, Surroundings, UsageError
from hub.mandates.withdrawals import Notice, withdraw

LEAVES = [merkle.leaf(bytes([number])) for number in range(40)]


def plain_root(leaves: list[bytes]) -> bytes:
    """The definition, word for word: split at the largest power of two below the size."""
    if len(leaves) < 2:
        return leaves[0] if leaves else merkle.EMPTY
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return merkle.node(plain_root(leaves[:split]), plain_root(leaves[split:]))


def test_roots_are_those_of_the_definition() -> None:
    assert [merkle.root(LEAVES[:size]) for size in range(41)] == [
        plain_root(LEAVES[:size]) for size in range(41)
    ]


def test_every_leaf_of_every_tree_rises_to_its_root_and_to_no_other() -> None:
    for size in range(1, 34):
        root = merkle.root(LEAVES[:size])
        for index in range(size):
            path = merkle.inclusion(LEAVES[:size], index)
            assert merkle.rises_to(LEAVES[index], index, size, path) == root
            assert merkle.rises_to(LEAVES[(index + 1) % 40], index, size, path) != root
            assert merkle.rises_to(LEAVES[index], index, size, [*path, root]) != root
            if path:
                assert merkle.rises_to(LEAVES[index], index, size, path[:-1]) != root


def test_every_tree_goes_on_from_every_earlier_one() -> None:
    for size in range(1, 34):
        new = merkle.root(LEAVES[:size])
        for earlier in range(1, size + 1):
            old = merkle.root(LEAVES[:earlier])
            path = merkle.consistency(LEAVES[:size], earlier)
            assert merkle.begins(old, earlier, new, size, path)
            assert not merkle.begins(merkle.leaf(old), earlier, new, size, path)
            assert not merkle.begins(old, earlier, merkle.leaf(new), size, path)


@given(st.integers(2, 40), st.data())
def test_another_past_does_not_begin_the_tree(size: int, data: st.DataObject) -> None:
    earlier = data.draw(st.integers(1, size))
    place = data.draw(st.integers(0, earlier - 1))
    other = [*LEAVES[:place], merkle.leaf(b"other"), *LEAVES[place + 1 : size]]
    path = merkle.consistency(other, earlier)
    assert not merkle.begins(merkle.root(LEAVES[:earlier]), earlier, merkle.root(other), size, path)


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES, "052")
        withdraw(opened, Notice("M2", "2025-11-01", "2026-02-01"), "052")
        yield opened


def test_a_proof_is_checked_without_the_hub(hub: Hub) -> None:
    submission = send(hub, WORKS.replace("K1", "K2")).submission
    with reading(hub.engine) as connection:
        root = proofs.signed_root(connection)
        proof = json.loads(json.dumps(proofs.prove(connection, submission)))
    assert root["size"] == proof["size"] > 3
    assert proofs.check_proof(proof, root["root"]) == []
    assert "sha256" in proof["entries"][0]["entry"]["body"]
    assert proofs.check_proof(proof, "0" * 64)
    for field, value in (("body", "{}"), ("actor", "901"), ("at", 1), ("id", 1)):
        altered = copy.deepcopy(proof)
        altered["entries"][0]["entry"][field] = value
        assert proofs.check_proof(altered, root["root"])


def test_an_older_root_stays_provable_as_the_log_grows(hub: Hub) -> None:
    with reading(hub.engine) as connection:
        old = proofs.signed_root(connection)
    send(hub, WORKS.replace("K1", "K2"))
    with reading(hub.engine) as connection:
        assert proofs.signed_root(connection, old["size"]) == old
        found = proofs.continuation(connection, old["size"], old["root"])
        assert found["holds"]
        assert found["now"]["size"] > old["size"]
        assert not proofs.continuation(connection, old["size"] - 1, old["root"])["holds"]
        with pytest.raises(UsageError, match="not a root"):
            proofs.continuation(connection, old["size"], "root")
        with pytest.raises(UsageError, match="cannot be the size"):
            proofs.continuation(connection, 10_000, old["root"])


def test_nothing_is_proved_by_a_log_that_was_altered(hub: Hub) -> None:
    with writing(hub.engine) as connection:
        connection.execute(update(EVENT).where(EVENT.c.id == 2).values(actor="901"))
    with reading(hub.engine) as connection, pytest.raises(Surroundings, match="entry 2"):
        proofs.signed_root(connection)


def test_a_society_proves_its_own_and_public_entries_only(hub: Hub) -> None:
    own = send(hub, WORKS.replace("K1", "K2")).submission
    with reading(hub.engine) as connection:
        assert proofs.prove(connection, own, viewer="177")["entries"]
        with pytest.raises(NotFound):
            proofs.prove(connection, own, viewer="052")
        everything = [proofs.prove(connection, str(number + 1))["entries"][0]["entry"] for number in range(4)]
    public = [item["subject"] for item in everything if item["kind"] == "withdrawal"]
    with reading(hub.engine) as connection:
        assert all(proofs.prove(connection, name, viewer="901")["entries"] for name in public)


@pytest.mark.parametrize("proof", [{}, {"size": 1, "root": "x", "entries": [{}]}, {"size": "a"}])
def test_what_is_no_proof_is_refused(proof: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="no proof"):
        proofs.check_proof(proof)


def test_the_commands_write_check_and_compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", f"sqlite:///{tmp_path / 'hub.db'}")
    monkeypatch.setenv("HUB_DATA_DIR", str(tmp_path / "data"))
    run = CliRunner()
    feed = tmp_path / "works.csv"
    feed.write_text(WORKS, encoding="utf-8")
    sent = run.invoke(app, ["ingest", str(feed), "--as", "177", "--json"])
    name = json.loads(sent.stdout)["submission"]
    root = json.loads(run.invoke(app, ["audit", "root", "--json"]).stdout)
    target = tmp_path / "proof.json"
    for language in ("en", "kk", "ru"):
        shown = run.invoke(app, ["audit", "root", "--language", language]).stdout
        assert root["root"] in shown
    assert run.invoke(app, ["audit", "prove", name, "-o", str(target)]).exit_code == 0
    checked = run.invoke(app, ["audit", "check", str(target), "--root", root["root"], "--json"])
    assert (checked.exit_code, json.loads(checked.stdout)["holds"]) == (0, True)
    assert run.invoke(app, ["audit", "check", str(target)]).exit_code == 0
    assert run.invoke(app, ["audit", "continues", str(root["size"]), root["root"]]).exit_code == 0
    assert run.invoke(app, ["audit", "continues", str(root["size"]), "0" * 64]).exit_code == 1
    target.write_text(target.read_text().replace('"177"', '"901"'))
    refused = run.invoke(app, ["audit", "check", str(target), "--json"])
    assert (refused.exit_code, json.loads(refused.stdout)["holds"]) == (1, False)
