"""JSON texts that are kept are those that ``orjson`` writes, and take no more room than they have bytes."""

from __future__ import annotations

import sys

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.json_bytes import kept, text_bytes


@given(st.text())
def test_a_text_is_written_as_orjson_writes_it(text: str) -> None:
    assert text_bytes(text) == orjson.dumps(text)


def test_every_character_is_written_as_orjson_writes_it() -> None:
    for code in range(sys.maxunicode + 1):
        if not 0xD800 <= code < 0xE000:
            assert text_bytes(chr(code)) == orjson.dumps(chr(code)), hex(code)


def test_half_of_a_pair_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        text_bytes("\ud800")


@given(st.dictionaries(st.text(), st.integers(-(2**53), 2**53) | st.text() | st.lists(st.booleans())))
def test_what_is_kept_is_what_orjson_writes(value: dict[str, object]) -> None:
    assert kept(value) == orjson.dumps(value)
    assert kept(value, orjson.OPT_SORT_KEYS) == orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
