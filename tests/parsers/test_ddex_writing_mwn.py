"""MWN that is written: valid, and read back as it was; what MWN cannot say leaves the whole work out."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.ddex.message import read
from parsers.ddex.official import OfficialSchemas
from parsers.ddex.writing_mwn import Correspondence, NotificationWriter
from schemas.declarations import (
    Affiliation,
    Claim,
    CollectionShare,
    OtherName,
    PartyName,
    RightShare,
    Title,
    WorkDeclaration,
)
from schemas.findings import Finding
from schemas.shares import UNITS_PER_PERCENT as PERCENT

WHO = Correspondence("PADPIDA20250101013", "Dala & Co", "PADPIDA20250101021", "M<1>", "2026-02-01T10:00:00Z")
ALIYA = PartyName(
    "САПАР ӘЛИЯ", ipi_name="90000000109", isni="0000000121032683",
    other_names=(OtherName("SAPAR ALIYA", "", "kk-Latn"), OtherName("سەپەر")),
)  # fmt: skip
HOUSE = PartyName("DALA <MUSIC>", dpid="PADPIDA20250101013")
SOCIETIES = (Affiliation("PR", "177"), Affiliation("MR", "052"))
NOWHERE = ("KZ", "-KZ", "KG", "-KG")
EVERYWHERE = CollectionShare((), (RightShare("PR", 40 * PERCENT),))
HOME = CollectionShare(
    ("KZ", "KG", "2130", "-UZ"), (RightShare("PR", 30 * PERCENT), RightShare("MR", 0)),
    uses=("on-demand-stream", "download"), valid_from="2020-01-01", valid_to="2027-01-01",
)  # fmt: skip
ABROAD = CollectionShare(("-KZ", "-KG"), (RightShare("SR", 12_345_678),), uses=("-online",))
WORK = WorkDeclaration(
    ref="K 1/2", title="ЖАЗҒЫ КЕШ", titles=(Title("SUMMER & EVENING", "TT", "en"), Title("J", "AT")),
    iswc="T9123456780", language="kk", duration=200, other_refs=(("SOC::052", "77"),),
    claims=(
        Claim(ALIYA, "CA", (RightShare("PR", 50 * PERCENT),), (), SOCIETIES, True, 1, "AG-1", "W7"),
        Claim(PartyName("BEK"), "A", (RightShare("PR", 10 * PERCENT), RightShare("MR", 1))),
        Claim(HOUSE, "E", (RightShare("PR", 40 * PERCENT), RightShare("MR", 50 * PERCENT)),
              (HOME, ABROAD), (Affiliation("*", "177"),), True, 1),
        Claim(PartyName("SUB LTD", ipn=""), "SE", (), (EVERYWHERE,)),
    ),
)  # fmt: skip


def written(*works: WorkDeclaration) -> tuple[bytes, list[Finding]]:
    out = io.BytesIO()
    with NotificationWriter(out, WHO) as writer:
        left_out = [found for found in map(writer.add, works) if found is not None]
    return out.getvalue(), left_out


def read_back(message: bytes) -> list[WorkDeclaration]:
    return [item for item in read(io.BytesIO(message)) if isinstance(item, WorkDeclaration)]


def said(work: WorkDeclaration) -> WorkDeclaration:
    """What MWN can say of a work: no chains, and parties that only collect have one role."""
    claims = []
    for claim in work.claims:
        role = claim.role if claim.role in ("CA", "A", "C") or claim.ownership else "AM"
        # The writer gives every party a number of the sender's, as the schema demands.
        party = replace(claim.party, proprietary=())
        claims.append(replace(claim, role=role, chain=0, party=party))
    return replace(work, claims=tuple(claims))


def without_own_numbers(work: WorkDeclaration) -> WorkDeclaration:
    claims = tuple(replace(claim, party=replace(claim.party, proprietary=())) for claim in work.claims)
    return replace(work, claims=claims)


def test_a_work_is_read_back_as_it_was() -> None:
    message, left_out = written(WORK)
    assert left_out == []
    (found,) = read_back(message)
    assert without_own_numbers(found) == said(WORK)


def test_publishers_may_be_named_before_their_writers() -> None:
    turned = replace(WORK, claims=tuple(reversed(WORK.claims)))
    message, left_out = written(turned)
    assert left_out == []
    (found,) = read_back(message)
    assert {claim.party.name: claim.ownership for claim in found.claims} == {
        claim.party.name: claim.ownership for claim in WORK.claims
    }


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
OTHERS = st.lists(
    st.builds(OtherName, NAMES.map("other {}".format), language=st.sampled_from(["", "kk-Cyrl", "ru"])),
    max_size=3, unique_by=lambda item: item.name,
).map(tuple)  # fmt: skip
PLACES = st.sampled_from([(), ("KZ",), ("-US",), ("KZ", "2130")])
USES = st.sampled_from([(), ("download",), ("online",)])
UNITS = st.integers(1, 10 * PERCENT)


@st.composite
def works(draw: st.DrawFn) -> WorkDeclaration:
    claims = []
    for number in range(draw(st.integers(1, 5))):
        role = draw(st.sampled_from(["C", "A", "E", "SE"]))
        rights = draw(st.lists(st.sampled_from(["PR", "MR", "SR"]), unique=True))
        ownership = tuple(RightShare(right, draw(UNITS)) for right in rights) if role != "SE" else ()
        places = draw(st.lists(PLACES, unique=True, max_size=3))
        collection = tuple(
            CollectionShare(
                place, (RightShare("MR", draw(UNITS)),), uses=draw(USES),
                valid_to=draw(st.sampled_from(["", "2030-03-01"])),
            )
            for place in places
        )  # fmt: skip
        if not ownership and not collection and role in ("E", "SE"):
            continue
        claims.append(
            Claim(
                PartyName(f"{draw(NAMES)}{number}", other_names=draw(OTHERS)), role, ownership, collection,
                draw(st.sampled_from([(), SOCIETIES])), draw(st.booleans()), draw(st.integers(0, 2)),
            )
        )  # fmt: skip
    # Some writer there is, anywhere among the others: owners that are none must follow one.
    claims.insert(draw(st.integers(0, len(claims))), Claim(PartyName("САПАР"), "CA"))
    return WorkDeclaration(draw(NAMES), draw(NAMES), claims=tuple(claims))


@given(works())
@settings(max_examples=60, deadline=None)
def test_any_work_is_read_back_as_it_was(work: WorkDeclaration) -> None:
    message, left_out = written(work)
    assert left_out == []
    (found,) = read_back(message)
    assert without_own_numbers(found) == said(work)


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (Claim(HOUSE, "E", (RightShare("PR", PERCENT),)), "ddex.write_no_writer"),
        (Claim(ALIYA, "CA", (RightShare("RB", PERCENT),)), "ddex.write_right"),
        (Claim(ALIYA, "CA", (), (), (Affiliation("RB", "177"),)), "ddex.write_right"),
        (Claim(ALIYA, "CA", (), (replace(EVERYWHERE, uses=("radio",)),)), "ddex.write_use"),
        (Claim(ALIYA, "CA", (), (replace(EVERYWHERE, uses=("download", "-podcast")),)), "ddex.write_use"),
        (Claim(ALIYA, "CA", (), (replace(EVERYWHERE, territories=NOWHERE),)), "ddex.write_territory"),
        (Claim(ALIYA, "CA", (RightShare("PR", 101 * PERCENT),)), "ddex.write_over"),
    ],
)  # fmt: skip
def test_what_mwn_cannot_say_leaves_the_work_out(claim: Claim, code: str) -> None:
    message, left_out = written(replace(WORK, claims=(claim,)), WORK)
    assert [(item.code, item.position) for item in left_out] == [(code, "work:K 1/2")]
    assert all(left_out[0].text(language) for language in ("en", "kk", "ru"))
    assert [item.ref for item in read_back(message)] == ["K 1/2"]


def test_what_is_included_again_is_written_as_countries() -> None:
    mixed = replace(EVERYWHERE, territories=("KZ", "-KZ", "KG"))
    message, _ = written(replace(WORK, claims=(Claim(ALIYA, "CA", (), (mixed,)),)))
    assert read_back(message)[0].claims[0].collection[0].territories == ("KG",)


def test_what_is_written_is_valid(shared_folder: Path) -> None:
    folder = shared_folder / "reference" / "ddex-xsd"
    if not folder.is_dir():
        pytest.skip("the official schemas are not in `shared`: messages are not validated against them")
    odd = replace(WORK, ref="K2", title="A\x01B", claims=(replace(WORK.claims[0], controlled=False),))
    message, _ = written(WORK, odd, replace(WORK, ref="K3", claims=()))
    assert list(OfficialSchemas(folder).validate(message)) == []
