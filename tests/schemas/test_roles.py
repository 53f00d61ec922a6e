"""Roles: one table with the spellings of CWR, IPI, DDEX and BWARM, and what contains what."""

from __future__ import annotations

import pytest

from schemas.cwr.lookups import codes
from schemas.roles import FORMATS, KINDS, canonical_role, contains, of_kind, roles, spelled
from schemas.table_files import rows


def test_the_table_has_every_role_of_cwr_and_of_ipi() -> None:
    assert {row["cwr"] for row in rows("schemas", "roles.csv") if row["cwr"]} == codes("writer_type") | codes(
        "publisher_type"
    )
    ipi = [row["ipi"] for row in rows("schemas", "roles.csv") if row["ipi"]]
    assert len(ipi) == len(set(ipi)) == 34
    assert all(
        role.kind in KINDS and (not role.part_of or role.part_of in roles()) for role in roles().values()
    )


@pytest.mark.parametrize("form", FORMATS)
def test_a_spelling_of_a_format_means_one_role(form: str) -> None:
    stated = [word for row in rows("schemas", "roles.csv") for word in row[form].split("|") if word]
    assert len(stated) == len(set(stated))
    for row in rows("schemas", "roles.csv"):
        for word in filter(None, row[form].split("|")):
            assert canonical_role(word, form) == row["code"]
        if row[form]:
            assert spelled(row["code"], form) == (row[form].split("|")[0],)


@pytest.mark.parametrize(
    ("word", "form", "code"),
    [
        ("MC", "ipi", "C"),
        ("LY", "ipi", "A"),
        ("EM", "ipi", "E"),
        ("PR", "ipi", "IPI-PR"),
        ("AS", "ipi", "IPI-AS"),
        ("PR", "cwr", None),
        ("SubPublisher", "ddex", "SE"),
        ("RightsAdministrator", "bwarm", "AM"),
        ("Friend", "ddex", None),
        ("", "cwr", None),
    ],
)
def test_letters_are_read_as_one_formats(word: str, form: str, code: str | None) -> None:
    assert canonical_role(word, form) == code


def test_a_composer_lyricist_is_both_and_neither_is_one() -> None:
    assert contains("CA", "C")
    assert contains("CA", "A")
    assert contains("CA", "CA")
    assert not contains("C", "CA")
    assert not contains("C", "A")
    assert not contains("CA", "AR")
    assert spelled("CA", "ipi") == ("MC", "LY")
    assert spelled("SE", "ipi") == ()
    assert of_kind("writer") == {"CA", "C", "A", "AR", "AD", "SR", "SA", "TR"}
