"""Identifiers: the same verbs everywhere, real numbers pass, slips of one character do not."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers import SCHEMES, Scheme, check_digits, dpid, ipi_base, ipi_name, isni, isrc, iswc, upc
from schemas.identifiers.errors import (
    InvalidChecksum,
    InvalidFormat,
    InvalidLength,
    ValidationError,
)

SCHEME = pytest.mark.parametrize("scheme", SCHEMES.values(), ids=SCHEMES)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def built(count: int, scheme: Scheme, prefix: str = "") -> st.SearchStrategy[str]:
    """Valid codes of a scheme: a body with the check that the scheme computes for it."""
    assert scheme.check is not None
    check = scheme.check
    return digits(count).map(lambda body: prefix + body + check(prefix + body))


VALID = {
    "dpid": built(10, dpid, "PADPIDA"),
    "ipi_base": built(9, ipi_base, "I"),
    "ipi_name": built(9, ipi_name).filter(lambda code: int(code) > 0),
    "isni": built(15, isni),
    "isrc": st.from_regex(r"[A-Z]{2}[A-Z0-9]{3}[0-9]{7}", fullmatch=True),
    "iswc": built(9, iswc, "T"),
    "upc": st.one_of(*(built(count, upc) for count in (7, 11, 12, 13))),
}
REAL = {
    "dpid": ["PADPIDA2007050901U", "PADPIDA2009101501Y"],
    "ipi_base": ["I-000000229-7", "I0000002297"],
    "ipi_name": ["00045620792", "130046332", "90000000109", "90000003887", "90000026086"],
    "isni": ["000000012281955X", "0000 0001 2281 955X", "0000000396456522"],
    "isrc": ["KZ-A01-25-00001", "isrc KZA012500001", "QZES81947811"],
    "iswc": ["T-034.524.680-1", "T0345246801", "ISWC T-000.000.001-0", "t 034524680 1"],
    "upc": ["00602557190298", "0602557190298", "96385074", "5901234123457", "036000291452"],
}
# Weighted sums modulo ten see a changed digit only where its weight shares no factor with ten.
SEEN = {
    "dpid": range(7, 18),
    "ipi_base": (1, 3, 7, 9, 10),
    "ipi_name": range(11),
    "isni": range(16),
    "iswc": (1, 3, 7, 9, 10),
    "upc": range(14),
}


def test_every_scheme_has_generators_and_real_numbers() -> None:
    assert VALID.keys() == SCHEMES.keys() == REAL.keys()
    assert SEEN.keys() == SCHEMES.keys() - {"isrc"}, "only the ISRC has no check digit"


@SCHEME
def test_every_printed_form_names_the_groups_of_its_shape(scheme: Scheme) -> None:
    named = {int(number) for number in re.findall(r"\\([0-9])", scheme.printed)}
    assert named == set(range(1, scheme.shape.groups + 1))
    assert scheme.name


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in REAL for text in REAL[name]])
def test_real_numbers_are_valid(name: str, text: str) -> None:
    scheme = SCHEMES[name]
    assert scheme.validate(text) == scheme.compact(text)
    assert scheme.is_valid(text)


@pytest.mark.parametrize("name", SCHEMES)
@given(data=st.data())
def test_a_valid_code_survives_printing_and_reading(name: str, data: st.DataObject) -> None:
    scheme, code = SCHEMES[name], data.draw(VALID[name])
    assert scheme.validate(code) == code
    assert scheme.validate(scheme.format(code)) == code
    assert scheme.validate(f" {code.lower()}\n") == code


@pytest.mark.parametrize("name", SEEN)
@given(data=st.data())
def test_one_changed_character_is_found(name: str, data: st.DataObject) -> None:
    scheme, code = SCHEMES[name], data.draw(VALID[name])
    place = data.draw(st.sampled_from([place for place in SEEN[name] if place < len(code)]))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != code[place]]))
    slip = code[:place] + other + code[place + 1 :]
    assert not scheme.is_valid(slip)
    with pytest.raises(InvalidChecksum):
        scheme.validate(slip)


@given(body=digits(9))
def test_an_ipi_name_number_has_one_check_number(body: str) -> None:
    fitting = [check for check in range(100) if ipi_name.is_valid(f"{body}{check:02d}")]
    assert fitting == ([] if not int(body) else [int(check_digits.ipi_name(body))])


@given(body=digits(9))
def test_the_check_number_brings_the_weighted_sum_to_a_multiple_of_101(body: str) -> None:
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(body))
    rest = (total + int(check_digits.ipi_name(body))) % 101
    assert rest == (1 if total % 101 == 1 else 0), "the check number 100 does not fit two digits"


@given(body=digits(10))
def test_a_dpid_satisfies_iso_7064(body: str) -> None:
    code = "PADPIDA" + body
    product = 36
    for character in code:
        total = (product + int(character, 36)) % 36
        product = 2 * (total if total else 36) % 37
    assert (product + int(check_digits.dpid(code), 36)) % 36 == 1


@SCHEME
@given(text=st.text())
def test_nothing_but_validation_errors_leaves(scheme: Scheme, text: str) -> None:
    assert isinstance(scheme.compact(text), str)
    assert isinstance(scheme.format(text), str)
    if scheme.is_valid(text):
        code = scheme.validate(text)
        assert code.isascii()
        assert scheme.compact(code) == code
    else:
        with pytest.raises(ValidationError, match=r"^[\w ,/]+$"):
            scheme.validate(text)


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("dpid", "", InvalidLength),
        ("dpid", "PADPIDB2007050901U", InvalidFormat),
        ("dpid", "PADPIDA0000000001A", InvalidChecksum),
        ("ipi_base", "I-000000229", InvalidLength),
        ("ipi_base", "A0000002297", InvalidFormat),
        ("ipi_base", "I-000000229-1", InvalidChecksum),
        ("ipi_name", "12345678901234", InvalidLength),
        ("ipi_name", "SE000000000", InvalidFormat),
        ("ipi_name", "", InvalidLength),
        ("ipi_name", "00000000000", InvalidFormat),
        ("ipi_name", "0", InvalidFormat),
        ("isni", "1234", InvalidLength),
        ("isni", "00000001228195X5", InvalidFormat),
        ("isni", "0000000122819551", InvalidChecksum),
        ("isrc", "KZA01250000", InvalidLength),
        ("isrc", "1ZA012500001", InvalidFormat),
        ("isrc", "KZA01250000٣", InvalidFormat),
        ("iswc", "T034524680", InvalidLength),
        ("iswc", "A0345246801", InvalidFormat),
        ("iswc", "T0345246802", InvalidChecksum),
        ("upc", "123", InvalidLength),
        ("upc", "12345678901X", InvalidFormat),
        ("upc", "0602557190299", InvalidChecksum),
    ],
)
def test_the_kind_of_fault_is_named(name: str, text: str, fault: type[ValidationError]) -> None:
    with pytest.raises(ValidationError) as caught:
        SCHEMES[name].validate(text)
    assert type(caught.value) is fault


def test_faults_form_one_tree() -> None:
    assert issubclass(ValidationError, ValueError)
    assert issubclass(InvalidLength, InvalidFormat)
    for fault in (InvalidFormat, InvalidChecksum):
        assert issubclass(fault, ValidationError)
    assert not issubclass(InvalidChecksum, InvalidFormat)


def test_leading_zeros_of_an_ipi_name_number_come_back() -> None:
    assert ipi_name.validate("45620792") == "00045620792"
    assert ipi_name.validate("000045620792"[1:]) == "00045620792"


def test_printed_forms() -> None:
    assert iswc.format("T0345246801") == "T-034.524.680-1"
    assert isrc.format("kza012500001") == "KZ-A01-25-00001"
    assert isni.format("000000012281955X") == "0000 0001 2281 955X"
    assert ipi_base.format("I0000002297") == "I-000000229-7"
    assert dpid.format("PADPIDA2007050901U") == "PA-DPIDA-2007050901-U"
    assert ipi_name.format("45620792") == "00045620792"
    assert upc.format("0602557-190298") == "0602557190298"
    assert iswc.format("none") == "NONE"


def test_numbers_of_the_shared_cases_are_valid(shared_folder: Path) -> None:
    found: dict[str, set[str]] = {"party_ipi": set(), "iswc": set(), "isrc": set()}
    for path in shared_folder.glob("cases/*/*.csv"):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                for column in found.keys() & row.keys():
                    found[column].add(row[column])
    for column, scheme in (("party_ipi", ipi_name), ("iswc", iswc), ("isrc", isrc)):
        numbers = found[column] - {""}
        assert numbers
        assert [number for number in numbers if not scheme.is_valid(number)] == []


def test_name_numbers_of_real_registrations_are_valid(shared_folder: Path) -> None:
    lines = [
        line.decode("latin-1")
        for path in (shared_folder / "samples" / "cwr").glob("*.[vV]2[12]")
        for line in path.read_bytes().splitlines()
        if line[:3] == b"SWR"
    ]
    numbers = {line[115:126] for line in lines} - {" " * 11, "0" * 11}
    sound = {number for number in numbers if ipi_name.is_valid(number)}
    invented = {number for number in numbers if number.startswith("00856545")}
    assert len(sound) > 5
    assert numbers - sound <= invented, "only the numbers that a sample made up fail"
