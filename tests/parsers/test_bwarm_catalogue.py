"""A whole BWARM delivery, row by row as a person reads it; all invented."""

from __future__ import annotations

import io

from bwarm_deliveries import packed

from parsers import detect
from schemas.declarations import (
    Claim,
    CollectionShare,
    Header,
    PartyName,
    Performer,
    RecordingDeclaration,
    RightShare,
    Title,
    WorkDeclaration,
    WorkReference,
)
from schemas.findings import Finding
from schemas.shares import UNITS_PER_PERCENT as PERCENT

# Cells are separated by semicolons here, since tabs are not seen.
FILES = {
    "works.tsv": """W1;T-912.345.678-0;Жазғы кеш;12;K 550;PT3M5.6S;true;US;;;
W2;;Dala;;;PT1H;;;;;
""",
    "workalternativetitles.tsv": """A1;W1;Summer Evening;en;TranslatedTitle
A2;W1;Jazgy kesh;kk-Latn;TransliteratedTitle
""",
    "workidentifiers.tsv": """N1;W1;99;P4
N2;W1;X-1;P9
""",
    "parties.tsv": """P1;;90000000109;;;Әлия Сапар;;;
P2;0000 0001 2103 2683;;;;Бек Омар;Бек;Омар;
P3;;;;PADPIDA20250101013;Dala Music;;;
P4;;;177;;Qoltanba;;;
""",
    "workrightshares.tsv": """S1;W1;P1;Composer;50;MusicalWorkManuscriptShare;PerformingRight|MechanicalRight;;;;Worldwide;
S2;W1;P2;Lyricist;50;MusicalWorkManuscriptShare;PerformingRight|MechanicalRight;;;;Worldwide;
S3;W1;P3;OriginalPublisher;25;OriginalPublisherShare;PerformingRight;;;S1;Worldwide;
S4;W1;P3;OriginalPublisher;60.5;MusicalWorkCollectionShare;MechanicalRight;2020-01-01;2025-12-31;;KZ | UZ;OnDemandStream|PermanentDownload
S5;W1;P2;Lyricist;;MusicalWorkCollectionShare;PerformingRight;2020;;;KZ;
S6;W2;P1;ComposerLyricist;100;MusicalWorkManuscriptShare;;;;;;
""",  # noqa: E501
    "releases.tsv": """L1;4870000000015;Кеш;Deluxe;Ерлан;;Dala Records;2025-01-01;;;
""",
    "recordings.tsv": """R1;KZ-A01-25-00001;Жазғы кеш;Live;Ерлан;0000000121032683;2025 Dala Records;PT3M5.6S;L1;Studio;;Provider;;false
R2;;Medley;;;;;;L9;;;;;
""",  # noqa: E501
    "recordingalternativetitles.tsv": """B1;R1;Summer Evening;en;TranslatedTitle
""",
    "recordingidentifiers.tsv": """I1;R1;DR-1;P3
""",
    "worksrecordings.tsv": """K1;W1;R1
K2;W1;R2
K3;W2;R2
K4;W7;R2
""",
    "unclaimedworkrightshares.tsv": """U1;R2;W2;KZA012500002;D1;Medley;;;;;50;10
U2;;;;;;;Unknown;;;;;100;1
""",
}  # fmt: skip
ALIYA = PartyName("Әлия Сапар", ipi_name="90000000109")
BEK = PartyName("Омар", "Бек", isni="0000000121032683")
DALA = PartyName("Dala Music", dpid="PADPIDA20250101013")
WORKS = [
    WorkDeclaration(
        "W1", "Жазғы кеш",
        titles=(Title("Summer Evening", "AT", "EN"), Title("Jazgy kesh", "AT", "kk-Latn")),
        iswc="T9123456780", duration=186,
        claims=(
            Claim(ALIYA, "C", ownership=(RightShare("PR", 25 * PERCENT), RightShare("MR", 50 * PERCENT))),
            Claim(BEK, "A", ownership=(RightShare("PR", 50 * PERCENT), RightShare("MR", 50 * PERCENT))),
            Claim(
                DALA, "E", ownership=(RightShare("PR", 25 * PERCENT),),
                collection=(
                    CollectionShare(
                        ("KZ", "UZ"), (RightShare("MR", 60 * PERCENT + PERCENT // 2),),
                        uses=("on-demand-stream", "permanent-download"), valid_from="2020-01-01",
                        valid_to="2026-01-01",
                    ),
                ),
            ),
        ),
        other_refs=(("177", "99"), ("P9", "X-1")),
        details=(("HasRightsInDispute", "true"), ("TerritoryOfPublicDomain", "US"), ("OpusNumber", "12"),
                 ("ComposerCatalogNumber", "K 550")),
    ),
    WorkDeclaration(
        "W2", "Dala", duration=3600,
        claims=(
            Claim(ALIYA, "CA", tuple(RightShare(right, 100 * PERCENT) for right in ("PR", "MR", "SR"))),
        ),
    ),
]  # fmt: skip
RECORDINGS = [
    RecordingDeclaration(
        "R1", "Жазғы кеш", isrcs=("KZA012500001",), version="Live",
        titles=(Title("Summer Evening", "TranslatedTitle", "en"),), artist="Ерлан",
        contributors=(Performer(PartyName("Ерлан", isni="0000000121032683"), "MainArtist"),), duration=186,
        label="Dala Records", p_line="2025 Dala Records", releases=(("4870000000015", "Кеш (Deluxe)"),),
        works=(WorkReference(ref="W1"),), other_refs=(("PADPIDA20250101013", "DR-1"),),
    ),
    RecordingDeclaration("R2", "Medley", works=(WorkReference(ref="W1"), WorkReference(ref="W2"))),
]  # fmt: skip


def test_a_delivery_says_row_by_row_what_a_person_reads_in_it() -> None:
    header, *items = detect.read(
        io.BytesIO(packed({name: text.replace(";", "\t") for name, text in FILES.items()}))
    )
    assert header == Header("bwarm", "1.0")
    assert [item for item in items if not isinstance(item, Finding)] == [*WORKS, *RECORDINGS]
    findings = [item for item in items if isinstance(item, Finding)]
    assert [(item.code, item.position, item.field, item.value) for item in findings] == [
        ("bwarm.unknown", "recordings.tsv/line:2", "FeedProvidersWorkId", "W7"),
        ("bwarm.unknown", "recordings.tsv/line:2", "FeedProvidersReleaseId", "L9"),
        ("bwarm.unclaimed", "file", "", "2"),
    ]
