"""What a message takes back ends with it, stays in the history, and only the sender's own statements end."""

from __future__ import annotations

from pathlib import Path

import pytest
from bwarm_deliveries import packed
from ddex_label import ERN, RDRN, REGISTER
from ddex_mwn_messages import VALID as MWN
from ddex_rdrn_messages import mandate_15, message
from hubs import answer, findings, fresh_hub, send
from sqlalchemy import select

from hub.answers.batch import who_to_pay
from hub.answers.question import ask
from hub.context import Hub
from hub.db.engine import reading
from hub.db.tables import DECLARATION
from hub.db.times import OPEN
from hub.errors import UnknownSubject

RECORDING = "isrc:KZA012500001"
REVOKE = message(
    "RevokeSoundRecordingRightsClaimMessage",
    "<SoundRecordingId><ISRC>KZ-A01-25-00001</ISRC></SoundRecordingId>",
)
RECALL = MWN["recall"].replace("MWN-0", "MWN-1").replace("<MessageId>MWN-1", "<MessageId>MWN-2")


def states(hub: Hub, known_at: str | None = None) -> list[tuple[str, str]]:
    found = answer(hub, RECORDING, right="PROD", **({"known_at": known_at} if known_at else {}))
    return [(line["status"], line["share"]) for line in found["lines"]]


def test_revoked_claims_and_their_mandates_end_and_stay_known(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path, societies=REGISTER) as hub:
        send(hub, ERN, "911")
        send(hub, RDRN, "901")
        before = answer(hub, RECORDING, right="PROD")["question"]["known_at"]
        assert states(hub) == [("payable", "100.00")]
        done = send(hub, REVOKE, "901")
        assert (done.status, done.by_kind) == ("accepted", {"retraction": 1})
        # The other society's statement stands, and the mandate that the revoked claim gave is gone.
        assert states(hub) == [("unrepresented", "100.00")]
        assert states(hub, before) == [("payable", "100.00")]
        # Said again it takes back nothing more; said anew the claim stands again.
        assert send(hub, REVOKE.replace("RDRN-1", "RDRN-2"), "901").warnings == 1
        assert send(hub, RDRN, "901").by_kind == {"recording": 1, "mandate": 1}
        assert states(hub) == [("payable", "100.00")]


def test_nobody_takes_back_what_another_said(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path, societies=REGISTER) as hub:
        send(hub, RDRN, "901")
        done = send(hub, REVOKE, "911")
        assert [item.code for item in findings(hub, done)] == ["ddex.retraction_unknown"]
        assert (done.status, done.read, done.stored) == ("accepted_with_findings", 1, 1)
        assert states(hub) == [("payable", "100.00")]


def test_a_recalled_message_ends_all_that_it_declared(database_url: str, tmp_path: Path) -> None:
    question = ask("iswc:T9123456780", right="PR", use="radio", territory="KZ", on="2026-03-15")
    with fresh_hub(database_url, tmp_path) as hub:
        send(hub, MWN["shares"], "901")
        before = who_to_pay(hub, question).as_json()
        assert send(hub, RECALL, "901").stored == 1
        with pytest.raises(UnknownSubject):
            who_to_pay(hub, question)
        again = answer(hub, known_at=before["question"]["known_at"])
        assert again["lines"] == before["lines"]


def test_a_message_of_a_batch_is_recalled_and_those_beside_it_stand(
    database_url: str, tmp_path: Path
) -> None:
    # Paths begin alike, and one has what a pattern would take for a wildcard.
    batch = packed({"a_b": ERN, "a%b": MWN["shares"], "a": RDRN})
    question = ask("iswc:T9123456780", right="PR", use="radio", territory="KZ", on="2026-03-15")
    with fresh_hub(database_url, tmp_path) as hub:
        taken = send(hub, batch, "901")
        before = who_to_pay(hub, question).as_json()
        kept = current(hub)
        assert send(hub, RECALL, "911").warnings == 1
        assert current(hub) == kept
        done = send(hub, RECALL, "901")
        assert (done.stored, done.warnings) == (1, 0)
        assert {path for path, _ in kept - current(hub)} == {"a%b"}
        assert {path for path, _ in current(hub)} == {"a_b", "a"}
        assert answer(hub, known_at=before["question"]["known_at"])["lines"] == before["lines"]
        assert taken.stored == len(kept)


def current(hub: Hub) -> set[tuple[str, int]]:
    """The path in its batch and the number of each declaration that counts now, but for retractions."""
    counting = select(DECLARATION.c.position, DECLARATION.c.id).where(
        DECLARATION.c.known_to == OPEN, DECLARATION.c.kind != "retraction"
    )
    with reading(hub.engine) as connection:
        return {(position.partition(":")[0], number) for position, number in connection.execute(counting)}


def test_a_revoked_collection_mandate_ends(database_url: str, tmp_path: Path) -> None:
    asserted = mandate_15()
    revoked = asserted.replace("AssertionOfCollectionMandateMessage", "RevokeCollectionMandateMessage")
    with fresh_hub(database_url, tmp_path) as hub:
        assert send(hub, asserted, "901").by_kind == {"mandate": 1}
        done = send(hub, revoked, "901")
        assert (done.by_kind, done.warnings) == ({"retraction": 1}, 0)
        assert send(hub, revoked.replace("RDRN-1", "RDRN-3"), "901").warnings == 1
