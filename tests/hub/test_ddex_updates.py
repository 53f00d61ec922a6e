"""A newer ERN replaces what its sender said; purges and takedowns end no right; the past stays answered."""

from __future__ import annotations

from pathlib import Path

from ddex_label import ERN, REGISTER
from hubs import answer, findings, fresh_hub, send

RECORDING = "isrc:KZA012500001"
UPDATE = ERN.replace("<MessageId>E1", "<MessageId>E2").replace(">100</RightShare", ">60</RightShare")
PURGE = """<e:PurgeReleaseMessage xmlns:e="http://ddex.net/xml/ern/43">
<MessageHeader><MessageId>E3</MessageId></MessageHeader><PurgedRelease><ReleaseId><GRid>A1</GRid></ReleaseId>
</PurgedRelease></e:PurgeReleaseMessage>"""
TAKEDOWN = UPDATE.replace("<MessageId>E2", "<MessageId>E4").replace(
    "</ResourceList>",
    "</ResourceList><ReleaseList><Release><ReleaseReference>R1</ReleaseReference></Release></ReleaseList>"
    "<DealList><ReleaseDeal><DealReleaseReference>R1</DealReleaseReference><Deal><DealTerms>"
    "<ValidityPeriod><EndDate>2026-01-31</EndDate></ValidityPeriod></DealTerms></Deal></ReleaseDeal></DealList>",
)


def test_an_update_counts_from_when_it_is_known(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path, societies=REGISTER) as hub:
        send(hub, ERN, "911")
        first = answer(hub, RECORDING, right="PROD")
        assert first["totals"]["unrepresented"] == "100.00"
        done = send(hub, UPDATE, "911")
        assert (done.stored, done.unchanged) == (1, 0)
        second = answer(hub, RECORDING, right="PROD")
        assert (second["totals"]["unrepresented"], second["totals"]["unclaimed"]) == ("60.00", "40.00")
        # Asked as it was known before, the answer is the same in every byte.
        assert answer(hub, RECORDING, right="PROD", known_at=first["question"]["known_at"]) == first


def test_a_purge_and_a_takedown_change_no_answer(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path, societies=REGISTER) as hub:
        send(hub, UPDATE, "911")
        before = answer(hub, RECORDING, right="PROD")
        purged = send(hub, PURGE, "911")
        assert (purged.stored, purged.errors) == (0, 0)
        assert "ddex.purge_recorded" in {item.code for item in findings(hub, purged)}
        taken_down = send(hub, TAKEDOWN, "911")
        assert (taken_down.stored, taken_down.unchanged) == (0, 1)
        after = answer(hub, RECORDING, right="PROD")
        assert (after["lines"], after["totals"]) == (before["lines"], before["totals"])
        assert answer(hub, RECORDING, right="PROD", known_at=before["question"]["known_at"]) == before
