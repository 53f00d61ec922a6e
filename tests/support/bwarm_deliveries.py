"""BWARM deliveries of invented works, packed as a service sends them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from parsers.ddex.bwarm_writing import encoded
from schemas.ddex import bwarm

PARTY = {"FeedProvidersPartyId": "P1", "IpiNameNumber": "90000000109", "KeyName": "ӘЛІМОВ",
         "NamesBeforeKeyName": "ЕРЛАН"}  # fmt: skip
WORK = {
    "FeedProvidersWorkId": "W1",
    "ISWC": "T9123456780",
    "WorkTitle": "ЖАЗҒЫ КЕШ",
    "NominalDuration": "PT3M5S",
}
SHARE = {
    "FeedProvidersWorkRightShareId": "S1", "FeedProvidersWorkId": "W1", "FeedProvidersPartyId": "P1",
    "PartyRole": "ComposerLyricist", "RightSharePercentage": "100",
    "RightShareType": "MusicalWorkManuscriptShare",
    "RightsType": "PerformingRight|MechanicalRight", "ValidityStartDate": "2020-01-01",
    "TerritoryCode": "Worldwide",
}  # fmt: skip
RECORDING = {"FeedProvidersRecordingId": "R1", "ISRC": "KZA012500001", "RecordingTitle": "ЖАЗҒЫ КЕШ"}
LINK = {"FeedProvidersLinkId": "L1", "FeedProvidersWorkId": "W1", "FeedProvidersRecordingId": "R1"}
Rows = Sequence[Mapping[str, str]]


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """A zip archive of these files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return target.getvalue()


def rows_of(name: str, rows: Rows) -> str:
    """Rows as a file has them, without a header."""
    columns = bwarm.tables()[name]
    for row in rows:
        assert set(row) <= set(columns), set(row) - set(columns)
    return "".join(encoded([row.get(column, "") for column in columns]) for row in rows)


def delivery(**files: Rows) -> bytes:
    """A delivery of one work, one party, one share and one recording, with some of its files replaced."""
    standard: dict[str, Rows] = {
        "works": [WORK], "parties": [PARTY], "workrightshares": [SHARE], "recordings": [RECORDING],
        "worksrecordings": [LINK],
    }  # fmt: skip
    return packed({f"{name}.tsv": rows_of(f"{name}.tsv", rows) for name, rows in (standard | files).items()})
