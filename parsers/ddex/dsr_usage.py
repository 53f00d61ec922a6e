"""Which uses a block of a sales report states, of which resources, and each as a usage line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from parsers.ddex.dsr_cells import Record, day, first_of, plain
from schemas.ddex import dsr
from schemas.findings import Finding, quote
from schemas.identifiers import Scheme, isrc, iswc

NET = "NetUsage"
"""Usages without those that were returned, where a record says so itself."""
COUNTS = (
    NET, "Usages", "NumberOfStreams", "NumberOfBroadcasts", "TotalUsages", "Downloads",
    "UsageForPrioritisation",
)  # fmt: skip
"""Cells that say how often something was used; the first that a record has counts."""

MOST_DIGITS = 18
"""Longer numbers of uses are not added up."""

REFS = ("DspResourceId", "DspWorkId")
TITLES = ("Title", "ResourceTitle", "WorkTitle", "MusicalWorkTitle", "ReleaseTitle")
ARTISTS = ("DisplayArtistName", "ResourceDisplayArtistName")
FIRST_DAYS = ("ValidityPeriodStart", "SalesTransactionDate")
LAST_DAYS = ("ValidityPeriodEnd", "SalesTransactionDate")
REVENUES = ("NetRevenue",)
CURRENCIES = ("CurrencyOfReporting", "Currency", "CurrencyOfAccounting")
MEANT = ("TransactedResource", "ResourceReference", "DspResourceId", "DspReleaseId")
"""Cells by which a usage record names its resource."""

ISRCS = ("ISRC", "ResourceISRC")
ISWCS = ("ISWC", "MusicalWorkISWC", "ResourceISWC")


class UsageLine(NamedTuple):
    """One use of one resource: where, how, when and how often, and by what it is known.

    ``line`` is the line of the usage record. Days are ISO, ``first`` the first day of use; ``usages`` is the
    number as it stands. ``ref`` is the service's own id of the resource or work. ``amount`` is the net
    revenue that the report states for the use, ``rights`` the types of rights that it names, if any.
    """

    line: int
    ref: str
    isrc: str
    iswc: str
    title: str
    artist: str
    use_type: str
    territory: str
    first: str
    last: str
    usages: str
    amount: str = ""
    currency: str = ""
    rights: tuple[str, ...] = ()


class Known(NamedTuple):
    """By what a resource is known: the service's id, and its codes; as far as they are."""

    ref: str
    isrc: str
    iswc: str


class Use(NamedTuple):
    """A usage record with the resource and the work that it is about, and the rights allocated to it."""

    item: Record
    resource: Record | None
    work: Record | None
    rights: tuple[str, ...]


@dataclass(slots=True)
class Summary:
    """What a summary record says of the uses that name it; rights of further ones of its name are added."""

    use_type: str
    territory: str
    currency: str
    rights: tuple[str, ...] = ()
    _named: dict[str, None] = field(default_factory=dict)

    @classmethod
    def of(cls, record: Record) -> Summary:
        """The summary that begins with this record."""
        return cls(plain(record["UseType"]), plain(record["Territory"]), record.first(CURRENCIES))

    def add_right(self, name: str) -> None:
        """Note a type of rights that the summary is about."""
        self._named[name] = None
        self.rights = tuple(self._named)


NO_SUMMARY = Summary("", "", "")


def uses_in(block: Sequence[Record]) -> list[Use]:
    """The uses that a block states, in file order."""
    resources: list[Record] = []
    works: list[Record] = []
    used: list[Record] = []
    totals: list[Record] = []
    allocated = False
    for item in block:
        part = item.layout.part
        if part == dsr.RESOURCE:
            resources.append(item)
        elif part == dsr.USAGE:
            (totals if _is_total(item) else used).append(item)
        elif part == dsr.WORK:
            works.append(item)
        elif part == dsr.CLAIM:
            allocated = True
    rights = _rights_of(block) if allocated else {}
    work = works[0] if len(works) == 1 else None
    return [
        Use(item, resource, work, tuple(rights.get(item.line) or rights.get(0) or ()))
        # A release's usages are the sum of its sales records, where there are both.
        for item in used or totals
        for resource in _resources_of(item, resources, block)
    ]


def sale(item: Record) -> Use:
    """The use that one record states with its resource and its work in it."""
    right = plain(item["RightsType"])
    return Use(item, item, None, (right,) if right else ())


def _is_total(item: Record) -> bool:
    return item.layout.record[:2] == "RU"


def _resources_of(item: Record, resources: Sequence[Record], block: Sequence[Record]) -> list[Record | None]:
    """The resources that a usage record is about.

    It names one by the reference or the service's id, or a release; a release stands for the resources that
    a record lists for it, else for all of its block.
    """
    if len(resources) < 2:
        return list(resources) or [None]
    wanted = {text for place in item.layout.where(MEANT) if (text := item.cells[place].strip())}
    exact = [
        found
        for found in resources
        if found["ResourceReference"] in wanted or found["DspResourceId"] in wanted
    ]
    if exact:
        return list(exact[:1])
    listed = {
        reference
        for record in block
        if "UsedResources" in record.layout.places
        and item["TransactedRelease"] in ("", record["ReleaseReference"])
        for reference in record.listed("UsedResources")
    }
    return [found for found in resources if found["ResourceReference"] in listed] or list(resources)


def _rights_of(block: Sequence[Record]) -> dict[int, dict[str, None]]:
    """The rights that allocations name, by the line of the usage record before them, else 0."""
    found: dict[int, dict[str, None]] = {}
    line = 0
    for item in block:
        if item.layout.part == dsr.USAGE and not _is_total(item):
            line = item.line
        elif item.layout.part == dsr.CLAIM and item["RightsType"]:
            found.setdefault(line, {})[plain(item["RightsType"])] = None
    return found


def usage_line(
    use: Use, summary: Summary | None, period: tuple[str, str], findings: list[Finding]
) -> UsageLine:
    """A use as a line; ``period`` is that of the report. What is wrong with it is added to ``findings``."""
    item, resource, work, rights = use
    if summary is None:
        summary = NO_SUMMARY
        value = quote(item["SummaryRecordId"])
        findings.append(
            Finding("dsr.summary", f"line:{item.line}", item.layout.record, "SummaryRecordId", value)
        )
    named = [found for found in (resource, work) if found is not None]
    about = told_by(named if resource is item else [*named, item], findings)
    amount = item.first(REVENUES)
    return UsageLine(
        line=item.line,
        ref=about.ref,
        isrc=about.isrc,
        iswc=about.iswc,
        title=first_of(named, TITLES),
        artist=resource.first(ARTISTS) if resource is not None else "",
        use_type=summary.use_type,
        territory=summary.territory,
        first=day(item.first(FIRST_DAYS)) or period[0],
        last=day(item.first(LAST_DAYS)) or period[1],
        usages=_net(item, findings),
        amount=amount,
        currency=summary.currency if amount else "",
        rights=rights or summary.rights,
    )


def told_by(records: Sequence[Record], findings: list[Finding]) -> Known:
    """By what these records know the resource; codes that are none are added to ``findings``."""
    return Known(
        first_of(records, REFS),
        _code(records, ISRCS, isrc, findings),
        _code(records, ISWCS, iswc, findings),
    )


def _code(records: Sequence[Record], names: tuple[str, ...], scheme: Scheme, findings: list[Finding]) -> str:
    """The first valid code of a scheme in these records; each that is none is a finding."""
    code = ""
    for record in records:
        for text in record.parts(names):
            try:
                found = scheme.validate(text)
            except ValueError:
                findings.append(
                    Finding(
                        f"identifier.{scheme.name.lower()}",
                        f"line:{record.line}",
                        record.layout.record,
                        scheme.name,
                        quote(text),
                    )
                )
            else:
                code = code or found
    return code


def _net(item: Record, findings: list[Finding]) -> str:
    """How often something was used and not returned; less than nothing where sales before the report were."""
    total, returned = _total(item), item["Returns"]
    if not returned or item[NET] or _whole(returned) == 0:
        return total
    gross, less = _whole(total), _whole(returned)
    if gross is None or less is None:
        findings.append(
            Finding("dsr.returns", f"line:{item.line}", item.layout.record, "Returns", quote(returned))
        )
        return total
    return str(gross - less)


def _whole(text: str) -> int | None:
    return int(text) if len(text) <= MOST_DIGITS and text.isascii() and text.isdecimal() else None


def _total(item: Record) -> str:
    """How often something was used: as it stands, but of several numbers, one for each release, the sum."""
    stated = item.first(COUNTS)
    if "|" not in stated:
        return stated
    name = next(name for name in COUNTS if item[name])
    numbers = [_whole(number) for number in item.listed(name)]
    known = [number for number in numbers if number is not None]
    return str(sum(known)) if len(known) == len(numbers) else stated
