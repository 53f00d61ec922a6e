"""A whole catalogue in MWN 1.3, field by field as a person reads it; the official schema accepts it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from ddex_mwn_catalogue import CATALOGUE
from ddex_mwn_messages import SENDER

from parsers.ddex.message import read
from parsers.ddex.official import OfficialSchemas
from schemas.declarations import (
    Affiliation,
    Claim,
    CollectionShare,
    Header,
    MandateDeclaration,
    OtherName,
    PartyName,
    RightShare,
    Title,
    WorkDeclaration,
)
from schemas.findings import Finding
from schemas.shares import UNITS_PER_PERCENT as PERCENT

SEIIT = PartyName(
    "Мұрат Сейіт",
    ipi_name="90000000109",
    isni="0000000121032683",
    proprietary=((SENDER, "W-77"),),
    other_names=(OtherName("Murat Seiit", "", "en"),),
)
ONGAR = PartyName("Айжан Оңғар", proprietary=((SENDER, "POngar"),))
PUBLISHER = PartyName("Dala Music", dpid="PADPIDA20250101013", proprietary=((SENDER, "PPub"),))
SUB = PartyName("Steppe Songs Ltd", ipi_name="90000000305", proprietary=((SENDER, "PSub"),))
HOME = (Affiliation("*", "177"),)


def halves(*rights: str) -> tuple[RightShare, ...]:
    return tuple(RightShare(right, 50 * PERCENT) for right in rights)


SONG = WorkDeclaration(
    ref="DM-10",
    title="Дала әуі (ән)",
    titles=(Title("Dala aui", "TT"), Title("Song of the Steppe", "TT", "en")),
    iswc="T9123456780",
    language="kk",
    duration=3724,
    claims=(
        Claim(
            SEIIT, "C|A", ownership=halves("PR", "MR", "SR"),
            collection=(
                CollectionShare(
                    ("EE", "LV", "FI"), (RightShare("MR", 33_333_333),), uses=("online",),
                    valid_from="2024-01-01", valid_to="2026-01-01",
                ),
            ),
            affiliations=HOME, controlled=True, own_ref="RS-40",
        ),
        Claim(PUBLISHER, "E", ownership=halves("PR", "MR", "SR"), controlled=True),
        Claim(
            SUB, "AM",
            collection=(
                CollectionShare(
                    ("-US", "-KZ"), (RightShare("PR", 25_500_000),), uses=("-on-demand-stream",),
                    valid_from="2025-01-01",
                ),
            ),
            controlled=False,
        ),
    ),
    other_refs=(("SOC::052", "A/7"), ("SOC::177", "99")),
    details=(("kind", "OriginalMusicalWork"),),
)  # fmt: skip


def arranged(ref: str, title: str, collection: tuple[CollectionShare, ...] = ()) -> WorkDeclaration:
    """Three quarters of two rights are the composer's, one the arranger's, whom the sender disclaims."""
    shares = [tuple(RightShare(right, part * PERCENT) for right in ("PR", "MR")) for part in (75, 25)]
    return WorkDeclaration(
        ref=ref,
        title=title,
        claims=(
            Claim(SEIIT, "C", ownership=shares[0], affiliations=HOME, controlled=True),
            Claim(ONGAR, "AR", ownership=shares[1], collection=collection, controlled=False),
        ),
    )


ABROAD = MandateDeclaration(
    ref="affiliation:90000000109:PADPIDA20250101021:MR:-KZ|-UZ",
    grantor_type="party",
    grantor_id="90000000109",
    grantor_name="Мұрат Сейіт",
    holder="PADPIDA20250101021",
    rights=("MR",),
    uses=("*",),
    territories=("-KZ", "-UZ"),
    # Without a period of its own it is known from the day of the message on.
    valid_from="2026-02-01",
    exclusive=False,
)


def test_a_catalogue_is_read_field_by_field() -> None:
    items = list(read(io.BytesIO(CATALOGUE.encode())))
    assert [item for item in items if not isinstance(item, Finding)] == [
        Header(
            "mwn", "1.3", SENDER, "Dala Music", "PADPIDA20250101021", "MWN-1", "2026-02-01T10:00:00Z", True
        ),
        SONG,
        arranged("DM-12", "Күй 2"),
        arranged("DM-13", "Күй 3", (CollectionShare(("US",), (RightShare("MR", 0),)),)),
        ABROAD,
    ]
    told = [(item.code, item.position, item.value) for item in items if isinstance(item, Finding)]
    root = "/MusicalWorkClaimNotificationMessage"
    assert told == [
        ("ddex.affiliation_portion", f"{root}/PartyList[1]/Party[2]", "50"),
        ("ddex.share_of_service", f"{root}/RightShareList[1]/RightShare[5]", "S5"),
        ("ddex.licensing_share", f"{root}/WorkList[1]/MusicalWork[1]", "S6"),
    ]


def test_the_message_is_valid(shared_folder: Path) -> None:
    folder = shared_folder / "reference" / "ddex-xsd"
    if not folder.is_dir():
        pytest.skip("the official schemas are not in `shared`: the message is not validated against them")
    assert list(OfficialSchemas(folder).validate(CATALOGUE.encode())) == []
