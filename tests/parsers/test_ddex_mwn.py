"""MWN: works with the shares of writers and publishers, and the mandates of agents, field by field."""

from __future__ import annotations

import io
from typing import TypeVar

import ddex_mwn_messages as sent
import pytest
from hypothesis import given
from hypothesis import strategies as st

import parsers.ddex.mwn
from parsers.ddex.message import read
from parsers.reading import FILE, Item
from schemas.declarations import (
    Affiliation,
    Claim,
    CollectionShare,
    Header,
    MandateDeclaration,
    PartyName,
    RecordingDeclaration,
    RecordingReference,
    Rejection,
    RetractionDeclaration,
    RightShare,
    Title,
    WorkDeclaration,
    WorkReference,
)
from schemas.findings import Finding
from schemas.shares import UNITS_PER_PERCENT as PERCENT
from schemas.shares import WHOLE, format_percent

T = TypeVar("T")
CREATED = "2026-02-01T10:00:00Z"


def items(text: str) -> list[Item]:
    return list(read(io.BytesIO(text.encode())))


def of_type(text: str, kind: type[T]) -> list[T]:
    return [item for item in items(text) if isinstance(item, kind)]


def codes(text: str) -> list[str]:
    return [item.code for item in of_type(text, Finding)]


def known(reference: str, name: str, **numbers: str) -> PartyName:
    return PartyName(name, proprietary=((sent.SENDER, reference),), **numbers)


ALIYA = known("PAliya", "Әлия Сапар", ipi_name="90000000109")
BEK = known("PBek", "Бек Омар", ipi_name="90000000207")
PUBLISHER = known("PPub", "Dala Music", isni="0000000121032683")
AGENT = known("PAgent", "Agent Ltd", ipi_name="90000000305")
AT_HOME = MandateDeclaration(
    ref="affiliation:90000000207:177:PR:KZ|KG",
    grantor_type="party",
    grantor_id="90000000207",
    grantor_name="Бек Омар",
    holder="177",
    rights=("PR",),
    uses=("*",),
    territories=("KZ", "KG"),
    valid_from="2020-01-01",
    valid_to="2026-01-01",
    exclusive=False,
)


def both(units: int) -> tuple[RightShare, ...]:
    return (RightShare("PR", units), RightShare("MR", units))


def test_a_notification_of_13_is_read_field_by_field() -> None:
    found = [item for item in items(sent.VALID["shares"]) if not isinstance(item, Finding)]
    assert found == [
        Header(
            "mwn", "1.3", sent.SENDER, "Dala Music", "PADPIDA20250101021", "MWN-1", CREATED, test=True
        ),
        WorkDeclaration(
            ref="DM-1",
            title="Жазғы кеш",
            titles=(Title("Summer Evening", "AT"),),
            iswc="T9123456780",
            language="kk",
            duration=200,
            claims=(
                Claim(
                    ALIYA,
                    "CA",
                    ownership=both(30 * PERCENT),
                    collection=(
                        CollectionShare(("-KZ", "-KG"), (RightShare("MR", 70 * PERCENT),), uses=("-online",)),
                    ),
                    affiliations=(Affiliation("PR", "177"), Affiliation("MR", "177")),
                    controlled=True,
                ),
                Claim(BEK, "C", ownership=both(40 * PERCENT)),
                Claim(
                    PUBLISHER,
                    "E",
                    ownership=both(30 * PERCENT),
                    collection=(
                        CollectionShare(
                            ("KZ", "KG"),
                            (RightShare("MR", 30 * PERCENT),),
                            uses=("on-demand-stream", "permanent-download"),
                            valid_from="2024-01-01",
                            valid_to="2027-01-01",
                        ),
                    ),
                    controlled=True,
                    agreement="AG-1",
                    own_ref="RS-4",
                ),
                Claim(
                    AGENT,
                    "AM",
                    collection=(CollectionShare(("KZ", "KG"), (RightShare("PR", 0),)),),
                    controlled=True,
                ),
            ),
            recordings=(RecordingReference("KZA012500001", "Жазғы кеш", "Live", "Ерлан", 205, "Dala Music"),),
            other_refs=(("SOC::177", "99"),),
            details=(("kind", "OriginalMusicalWork"), ("disputed share", "RS-4")),
        ),
        MandateDeclaration(
            ref="DM-1:0000000121032683:90000000305:RS-4",
            grantor_type="party",
            grantor_id="0000000121032683",
            grantor_name="Dala Music",
            holder="90000000305",
            rights=("MR",),
            uses=("on-demand-stream", "permanent-download"),
            territories=("KZ", "KG"),
            valid_from="2024-01-01",
            valid_to="2027-01-01",
            exclusive=False,
            works=("iswc:T9123456780",),
            evidence="AG-1",
        ),
        WorkDeclaration(ref="DM-2", title="Dala"),
        AT_HOME,
    ]  # fmt: skip
    assert codes(sent.VALID["shares"]) == ["ddex.share_unknown", "ddex.controller_unknown"]


def test_a_notification_of_11_is_read_field_by_field() -> None:
    assert items(sent.VALID["1.1"])[1:] == [
        WorkDeclaration(
            ref="DM-1",
            title="Жазғы кеш",
            iswc="T9123456780",
            claims=(
                Claim(ALIYA, "C", ownership=both(WHOLE), controlled=True),
                Claim(
                    known("PPub", "Dala Music"),
                    "AM",
                    collection=(
                        CollectionShare(
                            ("KZ", "UZ"),
                            (RightShare("MR", WHOLE // 2),),
                            uses=("download",),
                            valid_from="2024-01-01",
                        ),
                    ),
                    controlled=True,
                ),
            ),
        )
    ]


def test_a_revocation_restates_its_works_without_claims() -> None:
    found = [item for item in items(sent.VALID["revocation"])[1:] if not isinstance(item, Finding)]
    assert found == [
        WorkDeclaration(
            ref="DM-1",
            title="Жазғы кеш",
            titles=(Title("Summer Evening", "AT"),),
            iswc="T9123456780",
            language="kk",
            duration=200,
            other_refs=(("SOC::177", "99"),),
            details=(("kind", "OriginalMusicalWork"), ("revoked", "ExistingWork")),
        ),
        AT_HOME,
    ]
    assert codes(sent.VALID["revocation"]) == ["ddex.work_revoked"]


def test_links_declare_recordings_and_leave_the_shares_of_works_alone() -> None:
    assert of_type(sent.VALID["links"], WorkDeclaration) == []
    assert of_type(sent.VALID["links"], RecordingDeclaration) == [
        RecordingDeclaration(
            ref="link:KZA012500001",
            title="Жазғы кеш",
            isrcs=("KZA012500001",),
            version="Live",
            artist="Ерлан",
            duration=205,
            label="Dala Music",
            works=(WorkReference("T9123456780", "DM-1", "Жазғы кеш"),),
        )
    ]


def test_conflicts_recalls_and_requests_are_told_and_declare_no_work() -> None:
    for name, expected in (
        ("conflict", ["ddex.conflict_told", "ddex.conflict_notice"]),
        ("recall", []),
        ("request", ["ddex.nothing_to_store"]),
    ):
        assert codes(sent.VALID[name]) == expected
        assert of_type(sent.VALID[name], WorkDeclaration) == []
    recall = sent.VALID["recall"]
    assert of_type(recall, RetractionDeclaration) == [
        RetractionDeclaration("mwn:MWN-1:MWN-0", "message", ("MWN-0",))
    ]
    single = recall.replace("</RecalledMessage>", "<RecalledNotification/></RecalledMessage>")
    assert codes(single) == ["ddex.recalled"]
    assert of_type(single, RetractionDeclaration) == []


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("T9123456780", "T9123456781", "identifier.iswc"),
        ("90000000109", "90000000108", "identifier.ipi_name"),
        ("KZA012500001", "KZA01250001", "identifier.isrc"),
        (">MechanicalRight<", ">EveryRight<", "ddex.right"),
        (">OnDemandStream<", ">Juggling<", "ddex.use"),
        ("2026-12-31", "2023-12-31", "ddex.period"),
        (">YHome</TerritoryReference><R", ">YGone</TerritoryReference><R", "ddex.territory_reference"),
        ("<TerritoryCode>KG", "<TerritoryCode>XX", "ddex.territory"),
        ("<MusicRightsSociety>PSoc", "<MusicRightsSociety>PGone", "ddex.party_reference"),
        ("<WriterPartyReference>PBek", "<WriterPartyReference>PGone", "ddex.party_reference"),
        (">PAgent</RightsController", ">PGone</RightsController", "ddex.party_reference"),
        ("WorkReference>W1</Resource", "WorkReference>W9</Resource", "ddex.work_reference"),
        ("WorkReference>W1</RightShare", "WorkReference>W9</RightShare", "ddex.work_reference"),
        ("<PartyReference>PBek", "<PartyReference>PAliya", "ddex.reference_twice"),
        ("<MusicalWorkReference>W2", "<MusicalWorkReference>W1", "ddex.reference_twice"),
        ("PT3M20S", "3:20", "ddex.duration"),
        ("ShareNotification</ProfileId>", "GuessNotification</ProfileId>", "ddex.avs"),
        (">MusicalWorkCollectionShare<", ">SomeShare<", "ddex.avs"),
        ('AvsVersionId="7"', 'AvsVersionId="1.3"', "ddex.avs_version"),
        (">60</RightSharePercentage", ">61.07</RightSharePercentage", "shares.over"),
        ("<IsFollowerInTitleOf>", "<IsOlderThan>", "ddex.publisher_share_unlinked"),
        (">0.3</", ">1.3</", "ddex.share"),
        (
            "<UseType>PermanentDownload</UseType>",
            "<CommercialModelType>FreeOfChargeModel</CommercialModelType>",
            "ddex.share_narrowed",
        ),
        ("<UseType>PermanentDownload</UseType>", "<DSP/>", "ddex.share_of_service"),
        (
            "<MusicRightsSociety>",
            "<Percentage>50</Percentage><MusicRightsSociety>",
            "ddex.affiliation_portion",
        ),
    ],
)
def test_each_rule_finds_what_it_is_for_and_nothing_else(old: str, new: str, code: str) -> None:
    right = sent.VALID["shares"]
    assert old in right
    assert code not in codes(right)
    wrong = right.replace(old, new)
    if old.startswith("<Is"):
        wrong = wrong.replace("</" + old[1:], "</" + new[1:])
    assert code in codes(wrong)
    assert of_type(wrong, WorkDeclaration)


def test_a_work_without_title_or_number_is_rejected_alone() -> None:
    untitled = sent.VALID["shares"].replace("<Title><TitleText>Dala</TitleText></Title>", "")
    assert [item.ref for item in of_type(untitled, Rejection)] == ["DM-2"]
    assert [item.ref for item in of_type(untitled, WorkDeclaration)] == ["DM-1"]
    assert "ddex.work_no_title" in codes(untitled)
    numberless = sent.VALID["shares"].replace(
        f'<ProprietaryId Namespace="{sent.SENDER}">DM-2</ProprietaryId>', ""
    )
    assert "ddex.work_no_identifier" in codes(numberless)


def test_publishers_never_take_more_than_their_writers_have() -> None:
    text = sent.notification(
        sent.share("S1", sent.MANUSCRIPT, "PAliya", sent.percent("20"))
        + sent.share("S3", sent.PUBLISHER, "PPub", sent.percent("30"), more=sent.FOLLOWS)
    )
    assert "ddex.publisher_share_over" in codes(text)
    writer, publisher = of_type(text, WorkDeclaration)[0].claims
    assert (writer.ownership, publisher.ownership) == ((), both(30 * PERCENT))


def test_ownership_has_no_territory() -> None:
    text = sent.notification(
        sent.share("S1", sent.MANUSCRIPT, "PAliya", sent.percent("20"), territory=sent.HOME)
        + sent.share("S9", "LicensingShare", "PPub", sent.percent("30"))
    )
    assert {"ddex.ownership_limited", "ddex.licensing_share"} <= set(codes(text))
    assert all(not claim.ownership for claim in of_type(text, WorkDeclaration)[0].claims)


def test_all_rights_are_every_category() -> None:
    text = sent.notification(
        sent.share(
            "S1", sent.MANUSCRIPT, "PAliya", sent.percent("100"), rights="<RightsType>All</RightsType>"
        )
    )
    claim = of_type(text, WorkDeclaration)[0].claims[0]
    assert [(item.right, item.share) for item in claim.ownership] == [
        ("PR", WHOLE),
        ("MR", WHOLE),
        ("SR", WHOLE),
    ]


def test_an_agent_for_a_work_without_iswc_gets_no_mandate() -> None:
    text = sent.VALID["shares"].replace('<ISWC Status="Preferred">T9123456780</ISWC>', "")
    assert of_type(text, MandateDeclaration) == [AT_HOME]
    assert "ddex.work_mandate_subject" in codes(text)


def test_more_than_can_be_held_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsers.ddex.mwn, "MOST", 8)
    found = items(sent.VALID["shares"])
    assert isinstance(found[-1], Rejection)
    assert found[-1].kind == FILE
    assert "ddex.too_many" in codes(sent.VALID["shares"])


@given(st.lists(st.integers(0, WHOLE), min_size=1, max_size=5))
def test_shares_come_back_exactly(units: list[int]) -> None:
    shares = "".join(
        sent.share(
            f"S{number}", sent.COLLECTION, "PAliya", sent.percent(format_percent(value)), territory=sent.HOME
        )
        for number, value in enumerate(units)
    )
    claims = of_type(sent.notification(shares), WorkDeclaration)[0].claims
    stated = [share.share for item in claims[0].collection for share in item.shares if share.right == "PR"]
    assert sorted(stated) == sorted(units)


@given(st.binary(max_size=200), st.integers(0, 9000))
def test_any_damage_is_a_finding(junk: bytes, place: int) -> None:
    data = sent.VALID["shares"].encode()
    found = list(read(io.BytesIO(data[:place] + junk + data[place:])))
    assert isinstance(found[0], Header)
    assert all(not isinstance(item, Header) for item in found[1:])
