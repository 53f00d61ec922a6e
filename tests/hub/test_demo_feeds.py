"""The demonstration's feeds: exact files, valid identifiers, and a story whose sums are right."""

from __future__ import annotations

import gzip
import io
import json
from collections import Counter
from dataclasses import fields, is_dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from parsers.cwr.records import parse, write
from parsers.detect import read
from parsers.tabular.societies import read_societies
from schemas.cwr.layouts import layouts
from schemas.declarations import Header, MandateDeclaration, PartyName, RecordingDeclaration, WorkDeclaration
from schemas.findings import Finding
from schemas.identifiers import ipi_name, isni, isrc, iswc

FEEDS = files("hub.demo").joinpath("feeds")
SCHEMA_FOLDER = Path("reference") / "ddex-xsd"
STATUSES = ("payable", "disputed", "contested", "unclaimed", "unrepresented", "held")
NATIONAL = ("NAT", "NWN", "NPN")

# (format, version, works, recordings, mandates)
EXPECTED = {
    "02-kazak.V21": ("cwr", "2.1", 8, 0, 0),
    "03-altyn-dala.v22": ("cwr", "2.2", 5, 0, 0),
    "04-label-ern43.xml": ("ern", "4.3", 0, 6, 0),
    "05-recordings-producers.csv": ("recordings-csv", "1", 0, 5, 0),
    "06-mandates-kazak.csv": ("mandates-csv", "1", 0, 0, 8),
    "07-mandates-altyn-dala.csv": ("mandates-csv", "1", 0, 0, 3),
    "08-mandates-prs.csv": ("mandates-csv", "1", 0, 0, 4),
    "09-mandates-producers.csv": ("mandates-csv", "1", 0, 0, 1),
    "10-mandates-performers.csv": ("mandates-csv", "1", 0, 0, 4),
}


def items(name: str) -> list[Any]:
    return list(read(io.BytesIO(FEEDS.joinpath(name).read_bytes())))


def story() -> dict[str, Any]:
    return json.loads(FEEDS.joinpath("story.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_feed_holds_what_the_readme_says(name: str) -> None:
    found = items(name)
    kind, version, *counts = EXPECTED[name]
    assert isinstance(found[0], Header)
    assert (found[0].format, found[0].version) == (kind, version)
    counted = Counter(type(item) for item in found)
    assert [counted[cls] for cls in (WorkDeclaration, RecordingDeclaration, MandateDeclaration)] == counts
    findings = [item for item in found if isinstance(item, Finding)]
    assert len(found) == 1 + sum(counts) + len(findings), "nothing is rejected"
    assert [item for item in findings if item.severity == "error"] == []


@pytest.mark.parametrize("name", sorted(set(EXPECTED) - {"03-altyn-dala.v22"}))
def test_feeds_give_no_warning(name: str) -> None:
    remarks = [item for item in items(name) if isinstance(item, Finding) and item.severity == "warning"]
    assert remarks == []


def test_the_invented_society_is_the_only_thing_remarked_upon() -> None:
    """A society that CISAC does not list is worth a warning in CWR; everything else there is in order."""
    findings = [item for item in items("03-altyn-dala.v22") if isinstance(item, Finding)]
    assert {(item.code, item.value) for item in findings} == {("cwr.lookup", "901")}
    assert len(findings) == 11


def test_the_societies_file_is_read_without_a_remark() -> None:
    found = list(read_societies(io.BytesIO(FEEDS.joinpath("01-societies.csv").read_bytes())))
    assert not any(isinstance(item, Finding) for item in found)
    accredited = {item.code for item in found if item.accreditations}
    assert accredited == {"177", "901", "911", "912"}
    assert len(found) == 8


@pytest.mark.parametrize(("name", "version"), [("02-kazak.V21", "2.1"), ("03-altyn-dala.v22", "2.2")])
def test_cwr_lines_are_exact(name: str, version: str) -> None:
    """Every line has its full length and is the line again when its fields are written anew."""
    lines = FEEDS.joinpath(name).read_bytes().decode("utf-8").split("\r\n")
    assert lines.pop() == ""
    for line in lines:
        layout = layouts(version)[line[:3]]
        assert len(line) == layout.size
        assert write(layout, [value.strip() for value in parse(layout, line)]) == line
        assert line.isascii() or line[:3] in NATIONAL, "only national records may leave ASCII"


@pytest.mark.parametrize("name", EXPECTED)
def test_every_identifier_is_valid(name: str) -> None:
    checked = 0
    for scheme, value in identifiers(items(name)):
        assert {"iswc": iswc, "isrc": isrc, "ipi_name": ipi_name, "isni": isni}[scheme].is_valid(value), value
        checked += 1
    assert checked


def identifiers(value: Any) -> list[tuple[str, str]]:
    """Every identifier anywhere in a declaration, as (scheme, value)."""
    if isinstance(value, list | tuple):
        return [pair for item in value for pair in identifiers(item)]
    if isinstance(value, MandateDeclaration):
        text = value.grantor_id if value.grantor_type == "party" else ""
        return [("ipi_name" if len(text) == 11 else "isni", text)] if text else []
    if not is_dataclass(value) or isinstance(value, type):
        return []
    found = [pair for item in fields(value) for pair in identifiers(getattr(value, item.name))]
    if isinstance(value, PartyName):
        found += [("ipi_name", value.ipi_name), ("isni", value.isni)]
    if isinstance(value, RecordingDeclaration):
        found += [("isrc", code) for code in value.isrcs]
    found += [(name, getattr(value, name, "")) for name in ("iswc", "isrc")]
    return [(scheme, code) for scheme, code in found if code]


def test_one_recording_names_no_work_and_one_is_a_remix() -> None:
    found = {
        item.isrcs[0]: item for item in items("04-label-ern43.xml") if isinstance(item, RecordingDeclaration)
    }
    unlinked = [code for code, item in found.items() if not any(work.iswc for work in item.works)]
    assert unlinked == ["KZZ9X2500004"]
    assert "remix" in " ".join((found["KZZ9X2500005"].title, found["KZZ9X2500005"].version)).casefold()


def test_the_story_uses_every_feed_once_and_in_order() -> None:
    named = [
        step.get("societies") or step.get("ingest") or step["mandates"]
        for step in story()["steps"]
        if "withdraw" not in step
    ]
    assert named == ["01-societies.csv", *EXPECTED]
    shipped = {item.name for item in FEEDS.iterdir()} - {"story.json", "README.md"}
    assert shipped == set(named)


def test_withdrawn_mandates_are_declared_by_the_feeds() -> None:
    declared = {item.ref for name in EXPECTED for item in items(name) if isinstance(item, MandateDeclaration)}
    withdrawn = {step["withdraw"]["mandate"] for step in story()["steps"] if "withdraw" in step}
    assert withdrawn == {"PRS-AD-1", "QP-M-2"}
    assert withdrawn <= declared


def test_questions_are_in_three_languages_and_their_totals_add_up() -> None:
    questions = story()["questions"]
    assert 5 <= len(questions) <= 8
    shown = set()
    for question in questions:
        assert set(question["title"]) == {"en", "kk", "ru"}
        assert question["territory"] == "KZ"
        totals = {name: Decimal(text) for name, text in question["expect"]["totals"].items()}
        assert tuple(totals) == STATUSES
        assert sum(totals.values()) == 100
        shown |= {name for name, share in totals.items() if share}
    assert shown == set(STATUSES)
    last = questions[-1]["expect"]["totals"]
    assert {name for name in STATUSES if Decimal(last[name])} == {"payable", "disputed", "unrepresented"}


class _Unpacked(etree.Resolver):
    """Finds imported schema files by their base name among the packed ones."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:
        name = Path(system_url).name
        packed = next(
            path for place in ("avs/3", "common") if (path := self.folder / place / f"{name}.gz").exists()
        )
        return self.resolve_string(gzip.decompress(packed.read_bytes()), context, base_url=name)


def test_the_release_message_is_valid_by_its_schema(shared_folder: Path) -> None:
    """The schema files' licence keeps them out of the repository; they stand beside it or not at all."""
    folder = shared_folder / SCHEMA_FOLDER
    packed = folder / "ern" / "4.3" / "release-notification.xsd.gz"
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Unpacked(folder))
    root = etree.fromstring(gzip.decompress(packed.read_bytes()), parser, base_url="release-notification.xsd")
    schema = etree.XMLSchema(root)
    message = etree.fromstring(FEEDS.joinpath("04-label-ern43.xml").read_bytes())
    assert schema.validate(message), schema.error_log
