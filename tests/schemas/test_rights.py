"""Rights and uses: categories over finer codes, spellings of formats, sequences whose last match wins."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from schemas.rights import (
    ALL,
    CATEGORIES,
    canonical_right,
    canonical_rights,
    canonical_use,
    category,
    covers,
    covers_use,
    is_question_right,
    parse_rights,
    parse_uses,
    rights,
    uses,
)

CONTRACT_USES = [
    "on-demand-stream",
    "non-interactive-stream",
    "download",
    "ugc",
    "radio",
    "tv",
    "cable-retransmission",
    "public-performance",
    "private-copying",
    "physical",
]
signs = st.sampled_from(["", "-"])
right_terms = st.builds(str.__add__, signs, st.sampled_from([*rights(), ALL]))
use_terms = st.builds(str.__add__, signs, st.sampled_from([*uses(), ALL]))
right_expressions = st.lists(right_terms, max_size=6).map(tuple)
use_expressions = st.lists(use_terms, max_size=6).map(tuple)
categories = st.sampled_from(list(CATEGORIES))
some_use = st.sampled_from(list(uses()))


@given(expression=right_expressions, right=categories, use=some_use)
def test_the_last_right_that_matches_decides(expression: tuple[str, ...], right: str, use: str) -> None:
    covered = covers(expression, right, use)
    assert covers((*expression, right), right, use)
    assert not covers((*expression, f"-{right}"), right, use)
    assert covers((*expression, "*"), right, use)
    if expression:
        for other in CATEGORIES.keys() - {right}:
            assert covers((*expression, other), right, use) == covered
            assert covers((*expression, f"-{other}"), right, use) == covered


@given(expression=use_expressions, use=some_use)
def test_the_last_use_that_contains_the_asked_one_decides(expression: tuple[str, ...], use: str) -> None:
    covered = covers_use(expression, use)
    for above in uses()[use]:
        assert covers_use((*expression, above), use)
        assert not covers_use((*expression, f"-{above}"), use)
    for other in uses().keys() - uses()[use] if expression else ():
        assert covers_use((*expression, f"-{other}"), use) == covered


@given(right=categories, use=some_use, expression=right_expressions, more=use_expressions)
def test_a_leading_exclusion_starts_from_everything(
    right: str, use: str, expression: tuple[str, ...], more: tuple[str, ...]
) -> None:
    assert covers((), right, use)
    assert covers_use((), use)
    assert covers(("-SY", *expression), right, use) == covers(("*", "-SY", *expression), right, use)
    assert covers_use(("-print", *more), use) == covers_use(("*", "-print", *more), use)


@given(right=categories, use=some_use, code=st.sampled_from(list(rights())))
def test_a_finer_code_covers_its_category_for_its_uses_only(right: str, use: str, code: str) -> None:
    finer = rights()[code]
    expected = finer.category == right and (not finer.uses or not finer.uses.isdisjoint(uses()[use]))
    assert covers((code,), right, use) == expected
    if finer.category == right:
        assert covers((right,), right, use), "the category covers its finer codes"


@given(rights_expression=right_expressions, uses_expression=use_expressions)
def test_parsing_returns_what_was_written(
    rights_expression: tuple[str, ...], uses_expression: tuple[str, ...]
) -> None:
    assert parse_rights("|".join(rights_expression)) == (rights_expression, ())
    assert parse_uses("|".join(uses_expression)) == (uses_expression, ())


@given(text=st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    for parse, known in ((parse_rights, {*rights(), ALL}), (parse_uses, {*uses(), ALL})):
        expression, unknown = parse(text)
        assert {term.removeprefix("-") for term in expression} <= known
        assert len(expression) + len(unknown) == sum(bool(part.strip()) for part in text.split("|"))


def test_the_contract_names_these_rights_and_uses() -> None:
    assert CATEGORIES == {
        "PR": "work",
        "MR": "work",
        "SR": "work",
        "PROD": "recording",
        "PERF": "recording",
    }
    assert all(is_question_right(code) and category(code) == code for code in CATEGORIES)
    assert not any(is_question_right(code) for code in ("OD", "PER", "OTHER", "*", ""))
    assert all(code in uses() and canonical_use(code) == code for code in CONTRACT_USES)
    assert not any(code in uses() for code in ("*", "", "OnDemandStream"))


@pytest.mark.parametrize(
    ("spelling", "code", "roll_up"),
    [
        ("PER", "PR", "PR"),
        ("mec", "MR", "MR"),
        ("SYN", "SR", "SR"),
        ("ALL", "*", None),
        ("PerformingRight", "PR", "PR"),
        ("MechanicalRight", "MR", "MR"),
        ("ReproductionRight", "MR", "MR"),
        ("SynchronizationRight", "SR", "SR"),
        ("MakeAvailableRight", "MAKE-AVAILABLE", "PR"),
        ("RentalRight", "RL", "OTHER"),
        ("PrintRight", "PRINT", "OTHER"),
        ("ProducerRevenue", "PROD", "PROD"),
        ("PerformerRevenue", "PERF", "PERF"),
        ("OD", "OD", "PR"),
        ("MD", "MD", "MR"),
        ("SY", "SY", "SR"),
        ("nothing", None, None),
        ("", None, None),
    ],
)
def test_spellings_of_the_formats(spelling: str, code: str | None, roll_up: str | None) -> None:
    assert canonical_right(spelling) == code
    assert category(spelling) == roll_up


@pytest.mark.parametrize(
    ("codes", "roll_up"),
    [
        ("PR PT MP TB OD OB RT TP TO TV PC", "PR"),
        ("MR MV MA MT MD MB RP", "MR"),
        ("SY", "SR"),
        ("BT RB RL RR ER DB", "OTHER"),
    ],
)
def test_ipi_codes_roll_up_as_their_list_says_and_not_as_their_letters_suggest(
    codes: str, roll_up: str
) -> None:
    assert {category(code) for code in codes.split()} == {roll_up}


@pytest.mark.parametrize(
    ("code", "right", "covered", "not_covered"),
    [
        ("OD", "PR", "on-demand-stream download ugc permanent-download", "radio simulcast online physical"),
        ("OB", "PR", "non-interactive-stream simulcast", "on-demand-stream radio stream"),
        ("MAKE-AVAILABLE", "PR", "on-demand-stream non-interactive-stream download", "radio tv physical"),
        ("TB", "PR", "tv", "radio broadcast"),
        ("RT", "PR", "cable-retransmission retransmission", "tv"),
        ("PC", "PR", "public-performance", "private-copying radio"),
        ("MP", "PR", "cinema", "public-performance"),
        ("MA", "MR", "radio", "tv physical"),
        ("MD", "MR", "on-demand-stream download", "radio"),
        ("RP", "MR", "radio physical on-demand-stream", ""),
    ],
)
def test_finer_codes_limit_uses(code: str, right: str, covered: str, not_covered: str) -> None:
    assert [use for use in covered.split() if not covers((code,), right, use)] == []
    assert [use for use in not_covered.split() if covers((code,), right, use)] == []


def test_making_available_is_never_mechanical() -> None:
    expression, unknown = parse_rights("MakeAvailableRight")
    assert unknown == ()
    assert covers(expression, "PR", "on-demand-stream")
    assert not any(covers(expression, "MR", use) for use in uses())


def test_other_rights_answer_no_question() -> None:
    other = [code for code, right in rights().items() if right.category == "OTHER"]
    assert "BT" in other
    for code in other:
        assert not any(covers((code,), right, use) for right in CATEGORIES for use in uses())


def test_order_counts() -> None:
    assert covers(("*", "-MR"), "PR", "radio")
    assert not covers(("*", "-MR"), "MR", "radio")
    assert covers(("-MR", "MR"), "MR", "radio")
    assert not covers(("PR", "-OD"), "PR", "on-demand-stream")
    assert covers(("PR", "-OD"), "PR", "radio")
    assert covers_use(("*", "-online", "download"), "download")
    assert not covers_use(("*", "-online", "download"), "on-demand-stream")


def test_a_narrower_term_says_nothing_of_the_broad_use() -> None:
    assert covers_use(("broadcast",), "radio")
    assert not covers_use(("radio",), "broadcast")
    assert covers_use(("*", "-live-performance"), "public-performance")
    assert not covers_use(("*", "-live-performance"), "live-performance")


def test_uses_of_ddex_are_taken_for_what_they_are() -> None:
    assert canonical_use("OnDemandStream") == "on-demand-stream"
    assert canonical_use("PermanentDownload") == "permanent-download"
    assert "download" in uses()["permanent-download"]
    assert "non-interactive-stream" in uses()["simulcast"] & uses()["non-interactive-stream"]
    assert canonical_use("Simulcast") == "simulcast"
    assert canonical_use("PurchaseAsPhysicalProduct") == "physical"
    assert canonical_use("UserMakeAvailableUserProvided") == "ugc"
    assert [canonical_use(text) for text in ("All", "*", "Use")] == [ALL] * 3
    assert [canonical_use(text) for text in ("Unknown", "UserDefined", "AsPerContract", "")] == [None] * 4


def test_containment_is_a_tree_without_loose_ends() -> None:
    for use, above in uses().items():
        assert use in above
        for parent in above:
            assert uses()[parent] <= above, (use, parent)
    for right in rights().values():
        assert right.category in {*CATEGORIES, "OTHER"}
        assert right.uses <= uses().keys(), right.code
        assert right.name
    for use in CONTRACT_USES[:4]:
        assert "online" in uses()[use]
    for use in ("radio", "tv"):
        assert "broadcast" in uses()[use]


PARTS = ["COMMUNICATION", "MAKE-AVAILABLE", "REPRODUCTION", "PRIVATE-COPYING", "RENTAL"]


@pytest.mark.parametrize("whole", ["PROD", "PERF"])
def test_neighbouring_rights_have_parts_for_uses_of_their_own(whole: str) -> None:
    of_uses = {
        "COMMUNICATION": "radio tv cable-retransmission public-performance non-interactive-stream simulcast",
        "MAKE-AVAILABLE": "on-demand-stream download ugc permanent-download",
        "REPRODUCTION": "physical dub-for-radio",
        "PRIVATE-COPYING": "private-copying",
        "RENTAL": "rental lending",
    }
    assert of_uses.keys() == set(PARTS)
    for part, named in of_uses.items():
        code = f"{whole}-{part}"
        assert category(code) == whole
        for use in named.split():
            assert [other for other in PARTS if covers((f"{whole}-{other}",), whole, use)] == [part], use
            assert covers((whole,), whole, use)
            assert not covers((whole, f"-{code}"), whole, use)
            assert not any(covers((code,), right, use) for right in CATEGORIES if right != whole)


def test_ipi_spells_its_codes_and_nothing_else_is_spelled_twice() -> None:
    from csv import DictReader
    from importlib.resources import files

    text = files("schemas").joinpath("rights.csv").read_text(encoding="utf-8")
    rows = list(DictReader(text.splitlines()))
    ipi = {row["ipi"]: row["code"] for row in rows if row["ipi"]}
    assert len(ipi) == 25
    for column in ("ipi", "cwr", "ddex"):
        spelled = [word for row in rows for word in row[column].split("|") if word]
        assert len(spelled) == len(set(spelled)), column
    assert all(canonical_right(word) == code for word, code in ipi.items())
    # IPI's letters and CWR's do not clash: what one calls PR is what the other calls PER.
    assert (canonical_right("PER"), canonical_right("MEC"), canonical_right("SYN")) == ("PR", "MR", "SR")


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("PerformerAndProducerRevenue", ("PROD", "PERF")),
        ("Revenue", ("PROD", "PERF")),
        ("ProducerOnlyRevenue", ("PROD",)),
        ("PER", ("PR",)),
        ("All", ("*",)),
        ("nothing", ()),
    ],
)
def test_a_word_may_mean_several_rights(word: str, codes: tuple[str, ...]) -> None:
    assert canonical_rights(word) == codes
    assert parse_rights(f"-{word}")[0] == tuple(f"-{code}" for code in codes)


NO_RIGHT = frozenset({"UserDefined"})
NO_USE = frozenset({"AsPerContract", "Playback", "Unknown", "UseInPlayList", "UserDefined"})
RIGHT_SETS = ("RightsCoverage", "RightsCoverage_MWDR", "RecipientRevenueType", "RecipientRevenueType_RDR")
USE_SETS = (
    "UseType",
    "UseType_RDR",
    "UseType_DSR",
    "UseType_BWARM",
    "UseType_ERN",
    "UseType_MWNL",
    "UseType_AR",
)


@pytest.mark.parametrize("version", ["3", "9"])
def test_every_allowed_value_of_ddex_is_in_the_tables_or_left_out_on_purpose(version: str) -> None:
    file = Path(__file__).resolve().parents[3] / "shared/reference/ddex-xsd/avs" / version
    if not file.is_dir():
        pytest.skip("DDEX's official lists are not at hand")
    tree = etree.fromstring(gzip.decompress((file / "allowed-value-sets.xsd.gz").read_bytes()))
    schema = "{http://www.w3.org/2001/XMLSchema}"
    values = {
        kind.get("name"): {item.get("value") for item in kind.iter(f"{schema}enumeration")}
        for kind in tree.iter(f"{schema}simpleType")
    }
    for name in RIGHT_SETS:
        assert {word for word in values.get(name, ()) if not canonical_rights(word)} <= NO_RIGHT, name
    for name in USE_SETS:
        assert {word for word in values.get(name, ()) if canonical_use(word) is None} <= NO_USE, name
    assert values["UseType_RDR"]
