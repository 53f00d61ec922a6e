"""RDR-N: producers' and performers' claims, and who is given which mandate, field by field."""

from __future__ import annotations

import io
from typing import TypeVar

import ddex_rdrn_messages as sent
import pytest

from parsers.ddex.message import read
from parsers.reading import Item
from schemas.declarations import (
    AcknowledgementDeclaration,
    Affiliation,
    Claim,
    CollectionShare,
    Header,
    MandateDeclaration,
    PartyName,
    Performer,
    RecordingDeclaration,
    Rejection,
    RetractionDeclaration,
    RightShare,
    Title,
    WorkReference,
)
from schemas.findings import Finding
from schemas.shares import WHOLE

T = TypeVar("T")
DALA = PartyName("Dala Records", dpid="PADPIDA20250101013")
ERLAN = PartyName("Ерлан Әлімов", isni="0000000121032683", ipn="10000001")
WRITER = PartyName("Мәди")


def items(text: str) -> list[Item]:
    return list(read(io.BytesIO(text.encode())))


def of_type(text: str, kind: type[T]) -> list[T]:
    return [item for item in items(text) if isinstance(item, kind)]


def codes(text: str) -> list[str]:
    return [item.code for item in of_type(text, Finding)]


def test_a_message_of_14_is_read_field_by_field() -> None:
    header, recording, produced, performed = items(sent.VALID["one producer"])
    assert header == Header(
        "rdr-n",
        "1.4",
        "PADPIDA20250101013",
        "Dala Records",
        "PADPIDA20250101021",
        "RDRN-1",
        "2026-02-01T10:00:00Z",
    )
    assert recording == RecordingDeclaration(
        ref="rdr-n:KZA012500001",
        title="Жазғы кеш",
        isrcs=("KZA012500001",),
        version="Remix Version",
        artist="Ерлан",
        contributors=(
            Performer(PartyName("Ерлан Әлімов"), "MainArtist"),
            Performer(ERLAN, "LeadVocalist"),
            Performer(WRITER, "Composer"),
        ),
        duration=200,
        year=2025,
        label="Dala",
        p_line="2025 Dala Records",
        works=(WorkReference(iswc="T9123456780", writers=(WRITER,)),),
        claims=(
            Claim(
                DALA,
                "RightsController",
                collection=(
                    CollectionShare(
                        ("KZ",),
                        (RightShare("PROD", WHOLE),),
                        uses=("broadcast", "private-copying"),
                        valid_from="2025-01-01",
                        valid_to="2028-01-01",
                    ),
                ),
                controlled=True,
            ),
            Claim(ERLAN, "LeadVocalist", affiliations=(Affiliation("PERF", "777"),)),
        ),
        other_refs=(("PADPIDA20250101013", "DR-1"),),
        details=(
            ("language", "kk"),
            ("kind", "MusicalWorkSoundRecording"),
            ("version_type", "RemixVersion"),
        ),
    )
    assert produced == MandateDeclaration(
        ref="rdr-n:KZA012500001:PADPIDA20250101013:PROD:1",
        grantor_type="party",
        grantor_id="PADPIDA20250101013",
        grantor_name="Dala Records",
        holder="PADPIDA20250101021",
        rights=("PROD",),
        uses=("broadcast", "private-copying"),
        territories=("KZ",),
        valid_from="2025-01-01",
        valid_to="2028-01-01",
        exclusive=False,
        basis="assertion",
        works=("isrc:KZA012500001",),
    )
    assert performed == MandateDeclaration(
        ref="rdr-n:KZA012500001:0000000121032683:PERF:1",
        grantor_type="party",
        grantor_id="0000000121032683",
        grantor_name="Ерлан Әлімов",
        holder="777",
        rights=("PERF",),
        uses=("broadcast", "public-performance"),
        territories=("KZ", "KG"),
        valid_from="2020-01-01",
        exclusive=False,
        basis="assertion",
        works=("isrc:KZA012500001",),
    )


def test_a_message_of_131_is_read_field_by_field() -> None:
    recording, mandate = items(sent.VALID["1.3.1"])[1:]
    assert recording == RecordingDeclaration(
        ref="rdr-n:KZA012500003",
        title="Dala",
        isrcs=("KZA012500003",),
        version="Live",
        titles=(Title("Steppe", "TranslatedTitle"),),
        artist="Band",
        contributors=(
            Performer(PartyName("Band"), "MainArtist"),
            Performer(PartyName("Aigul"), "FeaturedArtist"),
            Performer(PartyName("Drummer"), "Musician"),
            Performer(PartyName("Writer"), "Composer"),
        ),
        duration=240,
        label="Dala",
        works=(WorkReference(iswc="T9123456780", writers=(PartyName("Writer"),)),),
        claims=(
            Claim(
                PartyName("PADPIDA20250101013", dpid="PADPIDA20250101013"),
                "",
                collection=(
                    CollectionShare(
                        (),
                        (RightShare("PROD", 33_333_333),),
                        uses=("on-demand-stream",),
                        valid_from="2025-01-01",
                        valid_to="2026-01-01",
                    ),
                ),
                controlled=True,
            ),
        ),
    )
    assert isinstance(mandate, MandateDeclaration)
    assert (mandate.territories, mandate.uses) == (("*",), ("on-demand-stream",))


def test_the_territory_above_a_controller_only_says_how_its_name_is_spelled() -> None:
    recording = of_type(sent.VALID["two spellings"], RecordingDeclaration)[0]
    held = [claim.collection[0] for claim in recording.claims]
    assert [(item.territories, item.shares[0].share) for item in held] == [
        (("FR",), WHOLE // 10),
        (("JP",), WHOLE // 2),
    ]


def test_holders_administrators_and_those_without_a_share_are_told_apart() -> None:
    recording = of_type(sent.VALID["four controllers"], RecordingDeclaration)[1]
    holder, administrator, silent, shareless = recording.claims
    assert holder.ownership == (RightShare("PROD", WHOLE // 10),)
    assert (administrator.ownership, administrator.collection) == ((), ())
    assert (silent.ownership, silent.collection) == ((), ())
    assert shareless.collection[0].shares == (RightShare("PROD", WHOLE),)
    found = codes(sent.VALID["four controllers"])
    assert {"ddex.administrator", "ddex.share_unknown", "ddex.share_assumed", "ddex.mandate_party"} <= set(
        found
    )


def test_a_membership_that_ends_is_no_affiliation() -> None:
    text = sent.VALID["one producer"].replace(
        "<MembershipType>RegionalMember</MembershipType></Membership>",
        "<MembershipType>RegionalMember</MembershipType><EndDate>2020</EndDate></Membership>",
    )
    assert [claim.role for claim in of_type(text, RecordingDeclaration)[0].claims] == ["RightsController"]
    assert [item.rights for item in of_type(text, MandateDeclaration)] == [("PROD",)]


def test_mandates_of_one_grantor_are_told_apart() -> None:
    dpid = "<PartyId><DPID>PADPIDA20250101013</DPID></PartyId>"
    held = sent.controller("Left Right", sent.TEN, "FR", more=dpid) + sent.controller(
        "Left Right", sent.TEN, "JP", more=dpid
    )
    text = sent.claims(sent.recording(sent.block("FR", held) + sent.block("JP", held)))
    assert [(item.ref[-6:], item.territories) for item in of_type(text, MandateDeclaration)] == [
        ("PROD:1", ("FR",)),
        ("PROD:2", ("JP",)),
    ]


def test_delegations_are_mandates_only_where_one_society_is_meant() -> None:
    text = sent.VALID["one producer"].replace(
        "</MessageRecipient>",
        "</MessageRecipient><MessageRecipient><PartyId>PADPIDA20250101030</PartyId></MessageRecipient>",
    )
    assert [item.rights for item in of_type(text, MandateDeclaration)] == [("PERF",)]
    assert "ddex.mandate_holder" in codes(text)
    homeless = sent.VALID["one producer"].replace("<CisacSocietyId>777</CisacSocietyId>", "")
    homeless = homeless.replace("<FullName>Oryndaushy</FullName>", "<FullName>Oryndaushy</FullName>")
    assert [item.rights for item in of_type(homeless, MandateDeclaration)] == [("PROD",)]
    unnamed = sent.VALID["one producer"].replace("KZA012500001", "WRONG")
    assert of_type(unnamed, MandateDeclaration) == []
    assert "ddex.mandate_subject" in codes(unnamed)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (">KZ</TerritoryOf", ">XX</TerritoryOf", "ddex.territory"),
        (">PrivateCopy<", ">Juggling<", "ddex.use"),
        ("2025-01-01</StartDate>", "2025-13-01</StartDate>", "ddex.date"),
        ("2027-12</EndDate>", "2024</EndDate>", "ddex.period"),
        ("2027-12</EndDate>", "2027-1</EndDate>", "ddex.date"),
        ('IdentifierType="TIS">417', 'IdentifierType="ISO">417', "ddex.territory_kind"),
        (">100</RightShare", ">101</RightShare", "ddex.share"),
        ("0000000121032683", "0000000121032684", "identifier.isni"),
        ("T9123456780", "T9123456781", "identifier.iswc"),
        ("<MessageHeader>", "<MessageFooter>", "ddex.no_header"),
    ],
)
def test_each_rule_finds_what_it_is_for_and_nothing_else(old: str, new: str, code: str) -> None:
    right = sent.VALID["one producer"]
    assert old in right
    assert code not in codes(right)
    wrong = right.replace(old, new).replace(old.replace("<", "</"), new.replace("<", "</"))
    assert code in codes(wrong)
    assert of_type(wrong, RecordingDeclaration)


def test_a_period_that_never_ends_is_open() -> None:
    for never in ("9999", "9999-12-31"):
        text = sent.VALID["one producer"].replace("<EndDate>2027-12<", f"<EndDate>{never}<")
        assert [item.valid_to for item in of_type(text, MandateDeclaration)] == ["", ""]
        assert codes(text) == []


def test_what_would_widen_a_claim_takes_its_share_instead() -> None:
    text = sent.VALID["one producer"].replace(
        ">KZ</TerritoryOfRightsDelegation></DelegatedUsageRights>\n  </RightsController>",
        ">XX</TerritoryOfRightsDelegation></DelegatedUsageRights>\n  </RightsController>",
    )
    claim = of_type(text, RecordingDeclaration)[0].claims[0]
    assert (claim.ownership, claim.collection) == ((), ())
    assert [item.rights for item in of_type(text, MandateDeclaration)] == [("PERF",)]


def test_a_status_update_is_an_acknowledgement() -> None:
    assert of_type(sent.VALID["status"], AcknowledgementDeclaration) == [
        AcknowledgementDeclaration(
            ref="RDRN-1:KZA012500001",
            original_ref="KZA012500001",
            title="Song",
            status="Conflict",
            original_type="DeclarationOfSoundRecordingRightsClaimMessage",
            recipient_ref="RDRN-1",
            processed="2026-02-01",
            messages=(
                ("RegistrationStatus", "ResourceRegisteredValid"),
                ("LogicalError", "no duration"),
                ("RightsConflict", "Other Label; Broadcast; KZ"),
            ),
        )
    ]
    nameless = sent.VALID["status"].replace("<ISRC>KZA012500001</ISRC>", "")
    assert [item.kind for item in of_type(nameless, Rejection)] == ["acknowledgement"]
    assert "ddex.status_incomplete" in codes(nameless)


def test_revocations_take_back_and_requests_store_nothing() -> None:
    assert items(sent.VALID["revocation"])[1:] == [
        RetractionDeclaration("rdr-n:RDRN-1:rdr-n:KZA012500001", "recording", ("rdr-n:KZA012500001",))
    ]
    unnamed = sent.VALID["revocation"].replace("<ISRC>KZA012500001</ISRC>", "")
    assert codes(unnamed) == ["ddex.retraction_unnamed"]
    assert codes(sent.VALID["request"]) == ["ddex.nothing_to_store"]


def stated_15(profile: str) -> str:
    return sent.claims(sent.STATED_15, version="15", attributes=f' AvsVersionId="9"{profile}', path="rdr-n")


def test_a_rights_statement_of_15_is_a_claim_and_no_mandate() -> None:
    recording = of_type(stated_15(""), RecordingDeclaration)[0]
    assert (recording.artist, recording.label, recording.title) == ("Band", "Dala", "Song")
    assert recording.contributors == (Performer(PartyName("Aigul"), "LeadVocalist"),)
    assert recording.claims[0].collection == (
        CollectionShare(
            ("-US",), (RightShare("PROD", WHOLE),), uses=("-on-demand-stream",), valid_from="2025-06-01"
        ),
    )
    assert of_type(stated_15(""), MandateDeclaration) == []
    assert codes(stated_15("")) == []


def test_mandated_usage_rights_of_15_are_the_senders_own_declaration() -> None:
    text = stated_15(' RightsStatementProfile="MandatedUsageRights"')
    mandate = of_type(text, MandateDeclaration)[0]
    assert (mandate.basis, mandate.grantor_id, mandate.holder) == (
        "declaration",
        "PADPIDA20250101013",
        "PADPIDA20250101021",
    )
    assert (mandate.territories, mandate.uses) == (("-US",), ("-on-demand-stream",))
    assert "ddex.avs" in codes(stated_15(' RightsStatementProfile="Recommended"'))


def test_a_collection_mandate_is_read_whole() -> None:
    assert items(sent.mandate_15())[1:] == [
        MandateDeclaration(
            ref="PADPIDA20250101021:M-7",
            grantor_type="party",
            grantor_id="0000000121032683",
            grantor_name="Aigul",
            holder="777",
            rights=("PERF",),
            uses=("broadcast", "catch-up"),
            territories=("KZ", "KG"),
            valid_from="2024-03-01",
            valid_to="2028-01-01",
            exclusive=False,
            basis="assertion",
        )
    ]
    society = sent.mandate_15(
        "RightsOrganization", status="<CollectionMandateStatus>Accepted</CollectionMandateStatus>"
    )
    mandate = of_type(society, MandateDeclaration)[0]
    assert (mandate.grantor_type, mandate.rights) == ("society", ("PROD", "PERF"))
    assert mandate.evidence == "CollectionMandateStatus Accepted"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (sent.mandate_15(kind="Everybody"), "ddex.mandate_type"),
        (sent.mandate_15(territories="<TerritoryCode>XX</TerritoryCode>"), "ddex.mandate_scope"),
        (sent.mandate_15(uses="<UseType>Juggling</UseType>"), "ddex.mandate_scope"),
        (sent.mandate_15(start="2029"), "ddex.period"),
        (
            sent.mandate_15(status="<CollectionMandateStatus>Rejected</CollectionMandateStatus>"),
            "ddex.mandate_status",
        ),
        (
            sent.mandate_15().replace("<CisacSocietyId>777</CisacSocietyId>", ""),
            "ddex.collection_mandate_party",
        ),
        (sent.mandate_15().replace("AssignedCollectionMandate", "Nothing"), "ddex.mandate_scope"),
    ],
)
def test_a_collection_mandate_that_cannot_hold_is_rejected(text: str, code: str) -> None:
    assert code in codes(text)
    assert of_type(text, MandateDeclaration) == []
    assert [item.kind for item in of_type(text, Rejection)] == ["mandate"]
