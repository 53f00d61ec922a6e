"""Writer of BWARM 1.0: works and recordings as the rows of its files."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from parsers.ddex.bwarm import ARTIST
from parsers.ddex.work_shares import COLLECTION, MANUSCRIPT, PUBLISHER
from schemas import territories
from schemas.ddex import bwarm
from schemas.declarations import Claim, PartyName, RecordingDeclaration, RightShare, WorkDeclaration
from schemas.findings import Finding, quote
from schemas.identifiers import isni
from schemas.rights import ddex_right, ddex_use
from schemas.shares import format_percent


@dataclass(slots=True)
class BwarmWriter:
    """Writes rows to one text stream per file; a party is written once however often it is named.

    ``day`` is that on which territories are evaluated where an expression excludes some.
    """

    files: Mapping[str, IO[str]]
    day: dt.date
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    _parties: dict[PartyName, str] = field(default_factory=dict)
    _releases: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def work(self, work: WorkDeclaration) -> None:
        """A work with its titles, numbers, parties and shares."""
        kept = dict(work.details)
        self._row(
            bwarm.WORKS, FeedProvidersWorkId=work.ref, ISWC=work.iswc, WorkTitle=work.title,
            NominalDuration=f"PT{work.duration}S" if work.duration else "",
            **{name: kept.get(name, "") for name in (
                "HasRightsInDispute", "TerritoryOfPublicDomain", "OpusNumber", "ComposerCatalogNumber",
            )},
        )  # fmt: skip
        for title in work.titles:
            self._row(
                bwarm.TITLES, FeedProvidersWorkAlternativeTitleId=self._next(bwarm.TITLES),
                FeedProvidersWorkId=work.ref, AlternativeTitle=title.text,
                LanguageAndScriptCode=title.language.lower() if len(title.language) == 2 else title.language,
                TitleType="AlternativeTitle",
            )  # fmt: skip
        for issuer, number in work.other_refs:
            self._row(
                bwarm.NUMBERS, FeedProvidersWorkProprietaryIdentifierId=self._next(bwarm.NUMBERS),
                FeedProvidersWorkId=work.ref, Identifier=number, FeedProvidersAllocatingPartyId=issuer,
            )  # fmt: skip
        for name in ("language", "performers", "recordings", "links"):
            if getattr(work, name):
                self._left_out(work.position or work.ref, bwarm.WORKS, name, work.ref)
        for claim in work.claims:
            self._claim(work, claim)

    def recording(self, recording: RecordingDeclaration) -> None:
        """A recording with its titles, its first release, and its links to works by their numbers."""
        place = recording.position or recording.ref
        artist = next((item.party for item in recording.contributors if item.role == ARTIST), PartyName(""))
        named = artist.name == recording.artist and isni.is_valid(artist.isni)
        self._row(
            bwarm.RECORDINGS, FeedProvidersRecordingId=recording.ref,
            ISRC=recording.isrcs[0] if recording.isrcs else "", RecordingTitle=recording.title,
            RecordingSubTitle=recording.version, DisplayArtistName=recording.artist,
            DisplayArtistISNI=artist.isni if named else "", PLine=recording.p_line,
            Duration=f"PT{recording.duration}S" if recording.duration else "",
            FeedProvidersReleaseId=self._release(recording),
        )  # fmt: skip
        for title in recording.titles:
            self._row(
                bwarm.RECORDING_TITLES,
                FeedProvidersRecordingAlternativeTitleId=self._next(bwarm.RECORDING_TITLES),
                FeedProvidersRecordingId=recording.ref, AlternativeTitle=title.text,
                LanguageAndScriptCode=title.language, TitleType=title.kind,
            )  # fmt: skip
        for party, number in recording.other_refs:
            self._row(
                bwarm.RECORDING_NUMBERS,
                FeedProvidersRecordingProprietaryIdentifierId=self._next(bwarm.RECORDING_NUMBERS),
                FeedProvidersRecordingId=recording.ref, Identifier=number,
                FeedProvidersAllocatingPartyId=party,
            )  # fmt: skip
        for name, told in (
            ("claims", recording.claims), ("releases", recording.releases[1:]),
            ("isrcs", recording.isrcs[1:]),
            ("contributors", recording.contributors[1:] if named else recording.contributors),
        ):  # fmt: skip
            if told:
                self._left_out(place, bwarm.RECORDINGS, name, recording.ref)
        for work in recording.works:
            if work.weight or not work.ref:
                place = recording.position or recording.ref
                self._left_out(place, bwarm.LINKS, "weight" if work.ref else "works", work.iswc or work.ref)
            if not work.ref:
                continue
            self._row(
                bwarm.LINKS, FeedProvidersLinkId=self._next(bwarm.LINKS), FeedProvidersWorkId=work.ref,
                FeedProvidersRecordingId=recording.ref,
            )  # fmt: skip

    def _release(self, recording: RecordingDeclaration) -> str:
        """The number of the recording's first release, which is listed when it is first needed."""
        if not recording.releases and not recording.label:
            return ""
        product, title = recording.releases[0] if recording.releases else ("", "")
        key = (product, title, recording.label)
        if key not in self._releases:
            self._releases[key] = f"L{len(self._releases) + 1}"
            self._row(
                bwarm.RELEASES, FeedProvidersReleaseId=self._releases[key], ICPN=product, ReleaseTitle=title,
                LabelName=recording.label,
            )  # fmt: skip
        return self._releases[key]

    def _claim(self, work: WorkDeclaration, claim: Claim) -> None:
        words = [bwarm.role_word(code) for code in claim.role.split("|")]
        if "" in words:
            self._left_out(claim.position, bwarm.SHARES, "role", claim.role)
        if claim.affiliations:
            named = "|".join(item.society for item in claim.affiliations)
            self._left_out(claim.position or work.ref, bwarm.SHARES, "affiliations", named)
        role = "|".join(filter(None, words))
        party = self._party(claim.party)
        kind = PUBLISHER if bwarm.is_publisher(words[0]) else MANUSCRIPT
        for share, rights in _by_share(claim.ownership):
            self._share(work, party, role, kind, share, rights, {})
        for group in claim.collection:
            territory = self._territories(group.territories)
            uses = [ddex_use(code) for code in group.uses]
            if territory is None or "" in uses:
                named = "|".join((*group.territories, *group.uses))
                self._left_out(group.position or claim.position, bwarm.SHARES, "collection", named)
                continue
            limits = {
                "TerritoryCode": territory, "UseType": "|".join(uses),
                "ValidityStartDate": group.valid_from, "ValidityEndDate": _last(group.valid_to),
            }  # fmt: skip
            for share, rights in _by_share(group.shares):
                self._share(work, party, role, COLLECTION, share, rights, limits)

    def _share(
        self, work: WorkDeclaration, party: str, role: str, kind: str, share: int,
        rights: Sequence[str], limits: Mapping[str, str],
    ) -> None:  # fmt: skip
        words = [ddex_right(right) for right in rights]
        if "" in words:
            self._left_out(work.position, bwarm.SHARES, "right", "|".join(rights))
            words = [word for word in words if word]
        if not words:
            return
        self._row(
            bwarm.SHARES, FeedProvidersWorkRightShareId=self._next(bwarm.SHARES),
            FeedProvidersWorkId=work.ref, FeedProvidersPartyId=party, PartyRole=role,
            RightSharePercentage=format_percent(share), RightShareType=kind, RightsType="|".join(words),
            **limits,
        )  # fmt: skip

    def _party(self, party: PartyName) -> str:
        known = self._parties.get(party)
        if known is not None:
            return known
        number = self._parties[party] = self._next(bwarm.PARTIES)
        self._row(
            bwarm.PARTIES, FeedProvidersPartyId=number, ISNI=party.isni, IpiNameNumber=party.ipi_name,
            DPID=party.dpid, FullName=f"{party.given} {party.name}".strip(),
            NamesBeforeKeyName=party.given, KeyName=party.name,
        )  # fmt: skip
        for name in ("ipi_base", "ipn"):
            if getattr(party, name):
                self._left_out(number, bwarm.PARTIES, name, getattr(party, name))
        for form in party.other_names:
            self._left_out(number, bwarm.PARTIES, "other_names", f"{form.given} {form.name}".strip())
        return number

    def _territories(self, expression: tuple[str, ...]) -> str | None:
        """A list of codes; an expression that excludes some as the countries it leaves on the day."""
        if not expression:
            return "Worldwide"
        if not any(term.startswith("-") for term in expression):
            return "|".join(expression)
        return "|".join(sorted(territories.evaluate(expression, self.day))) or None

    def _next(self, name: str) -> str:
        return f"{name[0].upper()}{self.counts[name] + 1}"

    def _left_out(self, position: str, record: str, column: str, value: str) -> None:
        self.findings.append(Finding("bwarm.left_out", position, record, column, quote(value)))

    def _row(self, name: str, **cells: str) -> None:
        self.counts[name] += 1
        self.files[name].write(encoded([cells.get(column, "") for column in bwarm.tables()[name]]))


def encoded(cells: Sequence[str]) -> str:
    """A row as text.

    >>> encoded(["a", "tab\\there"])
    'a\\ttab\\\\\\there\\n'
    """
    target = io.StringIO()
    csv.writer(
        target, delimiter="\t", quoting=csv.QUOTE_NONE, escapechar="\\", quotechar='"', lineterminator="\n"
    ).writerow([" ".join(cell.splitlines()) for cell in cells])
    return target.getvalue()


def _by_share(entries: Sequence[RightShare]) -> Iterator[tuple[int, list[str]]]:
    """Rights of equal share together, as one row can say."""
    found: dict[int, list[str]] = {}
    for item in entries:
        found.setdefault(item.share, []).append(item.right)
    yield from found.items()


def _last(day: str) -> str:
    """The last day before ``day``; empty for none."""
    return (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat() if day else ""
