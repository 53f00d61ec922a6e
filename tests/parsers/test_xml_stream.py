"""The hardened XML stream: what it hands over, what it refuses, and how little it keeps."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from parsers.xml_stream import Document, Name, Refused

WANTED = (("List", "Item"), ("Header",))


def positions(text: str | bytes) -> list[tuple[str, str]]:
    document = Document(io.BytesIO(text.encode() if isinstance(text, str) else text), WANTED)
    root = document.root()
    return [(item.position, (item.element.findtext("Name") or "")) for item in document.subtrees(root)]


def refusal(text: str | bytes) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        positions(text)
    return caught.value.finding.code, caught.value.finding.position


class Endless(io.RawIOBase):
    """A document that is made while it is read: head, then the same piece again and again, then a tail."""

    def __init__(self, head: bytes, piece: bytes, times: int, tail: bytes) -> None:
        self._parts = self._all(head, piece, times, tail)
        self._rest = b""
        self.given = 0

    @staticmethod
    def _all(head: bytes, piece: bytes, times: int, tail: bytes) -> Iterator[bytes]:
        yield head
        for _ in range(times):
            yield piece
        yield tail

    def read(self, size: int = -1) -> bytes:
        while len(self._rest) < size and (part := next(self._parts, b"")):
            self._rest += part
        found, self._rest = self._rest[:size], self._rest[size:]
        self.given += len(found)
        return found


def test_subtrees_come_in_order_with_their_places() -> None:
    text = "<M><Header/><List><Item><Name>a</Name></Item><Other/><Item><Name>b</Name></Item></List></M>"
    assert positions(text) == [("/M/Header[1]", ""), ("/M/List[1]/Item[1]", "a"), ("/M/List[1]/Item[2]", "b")]


def test_the_root_is_known_by_namespace_and_local_name() -> None:
    document = Document(io.BytesIO(b'<x:M xmlns:x="http://ddex.net/xml/ern/43"><List/></x:M>'), WANTED)
    assert document.root() == Name("http://ddex.net/xml/ern/43", "M")
    assert list(document.subtrees(Name("", "M"))) == []
    assert not document.qualified


def test_elements_in_a_namespace_are_found_and_noted() -> None:
    document = Document(io.BytesIO(b'<M xmlns="urn:m"><List><Item/></List></M>'), WANTED)
    root = document.root()
    assert [item.position for item in document.subtrees(root)] == ["/M/List[1]/Item[1]"]
    assert document.qualified


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251"])
def test_encodings_are_taken_from_the_document(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><M><List><Item><Name>Әлия</Name></Item></List></M>'
    data = text.replace("Ә", "А").encode(encoding)
    assert positions(data) == [("/M/List[1]/Item[1]", "Алия")]


def test_encodings_in_which_markup_hides_are_refused_however_they_are_written() -> None:
    for blanks in (" ", " " * 5_000):
        text = f'<?xml version="1.0"{blanks}encoding="utf-7"?><M><List/></M>'
        assert refusal(text)[0] == "xml.encoding"
    quoting = "<M><List><Item><Name><![CDATA[<?xml version='1' encoding='utf-7'?>]]></Name></Item></List></M>"
    assert len(positions(quoting.encode())) == 1


def test_a_doctype_is_refused_whatever_it_says() -> None:
    body = "<M><List><Item/></List></M>"
    assert refusal(f"<!DOCTYPE M>{body}") == ("xml.doctype", "line:1")
    assert refusal(f'<!DOCTYPE M SYSTEM "file:///etc/passwd">{body}')[0] == "xml.doctype"
    external = '<!DOCTYPE M [<!ENTITY x SYSTEM "file:///etc/passwd">]><M><List><Item><Name>&x;</Name></Item></List></M>'
    assert refusal(external)[0] == "xml.doctype"


def test_an_entity_bomb_is_refused() -> None:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f"<!DOCTYPE M [{entities}]><M><List><Item><Name>&a11;</Name></Item></List></M>"
    assert refusal(bomb)[0] in ("xml.doctype", "xml.malformed")


def test_an_unknown_entity_is_refused() -> None:
    assert refusal("<M><List><Item><Name>&x;</Name></Item></List></M>")[0] == "xml.malformed"


def test_a_broken_document_is_refused_with_its_line() -> None:
    assert refusal("<M>\n<List>\n<Item></List></M>") == ("xml.malformed", "line:3")
    assert refusal("<M><List><Item>")[0] == "xml.malformed"
    assert refusal("")[0] == "xml.malformed"


def test_deep_nesting_is_refused() -> None:
    for depth in (257, 100_000):
        assert refusal("<M>" + "<a>" * depth + "</a>" * depth + "</M>")[0] == "xml.depth"
    assert positions("<M>" + "<a>" * 200 + "</a>" * 200 + "</M>") == []


def read_through(source: object, **limits: int) -> None:
    document = Document(source, WANTED, **limits)  # type: ignore[arg-type]
    list(document.subtrees(document.root()))


def test_a_gigabyte_in_one_element_is_refused_in_bounded_memory() -> None:
    source = Endless(b"<M><List><Item><Name>", b"x" * 65536, 16384, b"</Name></Item></List></M>")
    tracemalloc.start()
    try:
        with pytest.raises(Refused) as caught:
            read_through(source)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.finding.code == "xml.malformed"
    assert source.given < 64 << 20
    assert peak < 32 << 20


def test_endless_children_of_one_element_are_refused() -> None:
    source = Endless(b"<M><List><Item>", b"<a/>" * 1000, 100_000, b"</Item></List></M>")
    with pytest.raises(Refused) as caught:
        read_through(source)
    assert caught.value.finding.code == "xml.element_too_large"


@pytest.mark.parametrize(
    ("inside", "times", "code"),
    [
        (b"<?x y?>" * 1000, 1000, "xml.element_too_large"),
        (b"<!-- -->" * 1000 + b"<a>" + b"x" * 60_000 + b"</a>", 400, "xml.element_too_long"),
        (b"<a>" + b"x" * 150_000 + b"</a>", 1, "xml.text_too_long"),
        (b"<![CDATA[x]]>" * 1000, 300, "xml.text_too_long"),
        (b"&#x41;" * 1000, 200, "xml.text_too_long"),
    ],
)
def test_an_element_that_would_fill_the_memory_is_refused(inside: bytes, times: int, code: str) -> None:
    source = Endless(b"<M><List><Item>", inside, times, b"</Item></List></M>")
    with pytest.raises(Refused) as caught:
        read_through(source)
    assert caught.value.finding.code == code
    assert caught.value.finding.position.startswith("line:")
    assert caught.value.finding.text("kk") != caught.value.finding.text("ru") != caught.value.finding.text()


def test_long_elements_and_texts_that_are_sent_are_read() -> None:
    for inside in (b"<a>" + b"x" * 90_000 + b"</a>", b"<a>S12345</a>" * 100_000):
        read_through(io.BytesIO(b"<M><List><Item>" + inside + b"</Item></List></M>"))


def test_finished_subtrees_are_freed() -> None:
    source = Endless(b"<M><List>", b"<Item><Name>a</Name></Item><Junk><a/></Junk>" * 200, 200, b"</List></M>")
    document = Document(source, WANTED)  # type: ignore[arg-type]
    seen = 0
    largest = 0
    for item in document.subtrees(document.root()):
        seen += 1
        parent = item.element.getparent()
        assert parent is not None
        largest = max(largest, len(parent))
    assert seen == 40_000
    # A chunk's worth of siblings may be parsed ahead, never the whole list.
    assert largest < 5_000


def test_a_document_over_the_size_limit_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        read_through(io.BytesIO(b"<M>" + b" " * 300_000 + b"</M>"), max_size=100_000)
    assert caught.value.finding.code == "xml.too_large"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        outcome = [str(position) for position in positions(data)]
    except Refused as refused:
        outcome = [refused.finding.code]
    assert all(code.startswith("xml.") for code in outcome)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "koi8-r"])
def test_processing_instructions_neither_cut_a_text_nor_count_as_elements(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding.removesuffix("-sig")}"?><?style x?><Root><?a b?><List>'
        "<Item><Name>One<?c d?> song</Name></Item><?e f?><Item><Name><?g h?>Two</Name><?i?></Item></List>"
        "<?j?></Root><?k?>"
    )
    assert positions(text.encode(encoding)) == [
        ("/Root/List[1]/Item[1]", "One song"),
        ("/Root/List[1]/Item[2]", "Two"),
    ]


@pytest.mark.parametrize("head", ["", '<?xml version="1.0"?>', '\ufeff<?xml version="1.0"?>\n'])
def test_a_fault_stands_in_the_column_where_it_is(head: str) -> None:
    text = f"{head}<Root><List><Item></Itm></List></Root>"
    with pytest.raises(Refused) as caught:
        positions(text)
    with pytest.raises(etree.XMLSyntaxError) as fault:
        etree.fromstring(text.encode())
    assert caught.value.finding.position == f"line:{fault.value.position[0]}"
    assert f"(column {fault.value.position[1]})" in caught.value.finding.detail
