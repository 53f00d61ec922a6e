"""A file that breaks each rule of CWR, and the same file mended; all data invented.

``CASES`` has, by rule, what makes the broken and the mended file out of a good one: its transactions
with other values, with records more or less, or the bytes changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cwr_files import Record, Transaction, file_of
from cwr_good_files import AGREEMENT, ANSWER, WORK, Changes, changed, good, placed, without

File = Callable[[], bytes]


def _edit(old: bytes, new: bytes, data: bytes | None = None) -> File:
    return lambda: (data or good()).replace(old, new, 1)


def _of(records: Transaction, version: str = "2.2", **header: str) -> File:
    return lambda: good(records, version, **header)


def _lines(change: Callable[[list[bytes]], list[bytes]]) -> File:
    return lambda: b"\r\n".join(change(good().split(b"\r\n")))


def _work(**changes: Changes) -> File:
    return _of(changed(WORK, **changes))


def _agreement(**changes: Changes) -> File:
    return _of(changed(AGREEMENT, **changes))


def _also(after: str, kind: str, **values: str) -> File:
    return _of(placed(WORK, after, (kind, values)))


SUB = {"publisher_sequence": "1", "ip_number": "P2", "name": "SUB HOUSE", "publisher_type": "SE"}
OTHER = {"publisher_sequence": "2", "name": "OTHER HOUSE", "publisher_type": "E"}
OWNER = {**OTHER, "publisher_sequence": "1", "ip_number": "P2"}
BUYER = {**SUB, "publisher_type": "AQ", "ipi_name": "90000000109"}
WRITER = {"name": "SECOND", "writer_type": "A", "ip_number": "W2"}
BUT_KZ = {"inclusion": "E", "territory": "0398", "territory_sequence": "2"}
NO_PR = {"pr_share": "0"}
HALF = {"pr_share": "5000", "mr_share": "5000"}
NOTHING = {"pr_share": "0", "mr_share": "0"}
MUSIC_ONLY = {"text_music_relationship": "MUS"}
MOD = {"version_type": "MOD", "music_arrangement": "NEW", "lyric_adaptation": "NEW"}
IN_2_1: Transaction = (
    *WORK[:5],
    ("PWR", {"publisher_ip_number": "P1", "publisher_name": "HOUSE", "writer_ip_number": "W1"}),
)
ARRANGER: Record = ("OWR", {"name": "ARRANGER", "writer_type": "AR"})
ARRANGED = placed(changed(WORK, NWR=MOD), "PWR", ARRANGER)
SERIOUS = {"distribution_category": "SER", "duration": "000330"}
PLAYED = placed(changed(WORK, NWR=SERIOUS), "PWR", ("INS", {"description": "KOBYZ"}))
SOLD: Transaction = (
    WORK[0],
    ("SPU", {**WORK[1][1], **NOTHING}),
    ("SPU", {**BUYER, **HALF}),
    ("SPT", {**WORK[2][1], "ip_number": "P2"}),
    *WORK[3:],
)
DATED = {"prior_royalty_status": "D", "prior_royalty_start_date": "20190101"}
OF_SOCIETY, LINKED_TO_IT = {"name": "KAZAK"}, {"publisher_name": "KAZAK"}
CONTROL = b"\x07"
GOOD = _of(WORK)
FINE = _of(AGREEMENT)


def _medley(**component: str) -> File:
    composed = changed(WORK, NWR={"composite_type": "MED", "component_count": "2"})
    return _of(placed(composed, "PWR", ("COM", {"title": "A", "writer_1_name": "B", **component})))


def _made_for(**production: str) -> File:
    return _also("PWR", "ORN", intended_purpose="FIL", production_title="P", **production)


def _answered(**message: str) -> File:
    told = {"message_type": "F", "original_record_sequence": "0", "original_record_type": "NWR",
            "message_level": "F", "validation_number": "005", "text": "COPYRIGHT DATE"}  # fmt: skip
    return _of((*ANSWER, ("MSG", {**told, **message})))


def _two_groups(first: str, second: str, number: bytes = b"00002") -> File:
    def made() -> bytes:
        groups = [(kind, [changed(WORK)] if kind == "NWR" else [AGREEMENT]) for kind in (first, second)]
        return file_of("2.2", *groups).replace(second.encode() + b"00002", second.encode() + number)

    return made


def _agreed(*numbers: str) -> bytes:
    """An agreement about one work, and works that refer to it."""
    works = [changed(WORK, NWR={"work_number": item}, PWR={"agreement_number": "A1"}) for item in numbers]
    return file_of("2.2", ("AGR", [AGREEMENT]), ("NWR", works))


def _version_3_parties() -> list[Record]:
    parts = {kind: dict(values) for kind, values in WORK[1:]}
    for name in ("pr_share", "mr_share"):
        del parts["SPU"][name], parts["SWR"][name]
    del parts["PWR"]["publisher_name"]
    return [*parts.items()]


def _version_3() -> bytes:
    head = ("WRK", dict(WORK[0][1]))
    return file_of("3.0", ("WRK", [(head, *_version_3_parties())]), sender_id="DMP")


def _isni(value: bytes) -> File:
    """Version 3 has performers with an ISNI."""

    def made() -> bytes:
        records = [
            ("WRK", dict(WORK[0][1])),
            *_version_3_parties(),
            ("PER", {"name": "BAND", "isni": value.decode()}),
        ]
        return file_of("3.0", ("WRK", [tuple(records)]), sender_id="DMP")

    return made


OF_ALL_FORMATS: Mapping[str, tuple[File, File]] = {
    "file.empty": (lambda: b"", GOOD),
    "file.encoding": (lambda: good().replace(b"SONG", b"S\xd6NG"), GOOD),
    "file.duplicate_ref": (
        lambda: file_of("2.2", ("NWR", [WORK, WORK])),
        lambda: file_of("2.2", ("NWR", [WORK, changed(WORK, NWR={"work_number": "S2"})])),
    ),
    "identifier.iswc": (_work(NWR={"iswc": "T9300000016"}), _work(NWR={"iswc": "T9300000015"})),
    "identifier.isrc": (
        _also("PWR", "REC", isrc="KZA0125", isrc_validity="Y"),
        _also("PWR", "REC", isrc="KZA012500001", isrc_validity="Y")),
    "identifier.ipi_name": (_work(SWR={"ipi_name": "90000000108"}), _work(SWR={"ipi_name": "90000000109"})),
    "identifier.ipi_base": (
        _work(SWR={"ipi_base": "I-000000229-8"}), _work(SWR={"ipi_base": "I-000000229-7"})),
    "identifier.upc": (
        _also("PWR", "REC", ean="4006381333930"), _also("PWR", "REC", ean="4006381333931")),
    "identifier.isni": (_isni(b"0000000121032684"), _isni(b"0000000121032683")),
}  # fmt: skip
"""The same for the rules that CWR shares with other formats."""

CASES: Mapping[str, tuple[File, File]] = {
    "cwr.utf16": (lambda: good().decode().encode("utf-16"), GOOD),
    "cwr.no_header": (_lines(lambda lines: lines[1:]), GOOD),
    "cwr.second_header": (_lines(lambda lines: [*lines[:-2], lines[0], *lines[-2:]]), GOOD),
    "cwr.no_group": (_lines(lambda lines: lines[:1]), GOOD),
    "cwr.no_group_header": (_lines(lambda lines: [lines[0], *lines[2:]]), GOOD),
    "cwr.no_group_trailer": (_lines(lambda lines: [*lines[:-3], *lines[-2:]]), GOOD),
    "cwr.no_trailer": (_lines(lambda lines: lines[:-2]), GOOD),
    "cwr.truncated": (_lines(lambda lines: lines[:-4]), GOOD),
    "cwr.line_too_long": (_lines(lambda lines: [*lines[:2], lines[2] + b" " * 20_000, *lines[3:]]), GOOD),
    "cwr.line_excess": (_lines(lambda lines: [*lines[:4], lines[4].ljust(90) + b"X", *lines[5:]]), GOOD),
    "cwr.control_character": (_edit(b"SONG", b"SO" + CONTROL + b"G"), GOOD),
    "cwr.sender_id_overflow": (_edit(b"HDRPB", b"HDR01"), GOOD),
    "cwr.version_conflict": (_edit(b"02.20", b"02.10"), GOOD),
    "cwr.version_unsupported": (
        lambda: good().replace(b"2.2002", b"      ").replace(b"02.20", b"01.10"), GOOD),
    "cwr.record_layout_unknown": (
        lambda: _version_3().replace(b"PWR", b"XYZ"), _version_3),
    "cwr.layout_unknown": (lambda: _version_3().replace(b"WRK0", b"DRW0"), _version_3),
    "cwr.transaction_unknown": (lambda: _version_3().replace(b"WRK0", b"NWR0"), _version_3),
    "cwr.group_type": (_edit(b"GRHNWR", b"GRHREV"), GOOD),
    "cwr.outside_acknowledgement": (_edit(b"GRHNWR", b"GRHACK"), _of(ANSWER)),
    "cwr.agreement_without_territory": (_of(AGREEMENT[:1]), FINE),
    "cwr.agreement_without_party": (_of(AGREEMENT[:3]), FINE),
    "cwr.unknown_record": (_edit(b"PWR", b"ZZZ"), GOOD),
    "cwr.stray_record": (_lines(lambda lines: [*lines[:2], lines[3], *lines[2:]]), GOOD),
    "cwr.record_not_allowed": (_also("PWR", "IPA", ip_number="P1"), GOOD),
    "cwr.out_of_place": (_also("PWR", "NET", title="LOST"), GOOD),
    "cwr.out_of_place.transaction": (_of(placed(WORK, "PWR", WORK[4])), GOOD),
    "cwr.record_left_out": (
        _also("PWR", "ALT", title_type="AT"), _also("PWR", "ALT", title="B", title_type="AT")),
    "cwr.too_many_records": (
        lambda: good((*WORK, *[("PER", {"name": "BAND"})] * 100_001)), GOOD),
    "cwr.transaction_rejected": (_work(SPU={"ip_number": ""}), GOOD),
    "cwr.sequence": (_work(SPU={"record_sequence": "7"}), GOOD),
    "cwr.count": (_edit(b"GRT0000100000001", b"GRT0000100000009"), GOOD),
    "cwr.party_mismatch": (_work(SPT={"ip_number": "P9"}), GOOD),
    "cwr.exclusion_without_inclusion": (_work(SWT={"inclusion": "E"}), GOOD),
    "cwr.publisher_not_found": (_work(PWR={"publisher_ip_number": "P8", "publisher_name": "NOBODY",
                                           "publisher_sequence": "8"}), GOOD),
    "cwr.no_writer": (_of(WORK[:3]), GOOD),
    "cwr.share_total": (_work(SWR={"mr_share": "4000"}), _work(SWR={"mr_share": "4994"})),
    "cwr.publisher_share_total": (_also("SPT", "OPU", **OTHER, pr_share="1000"), GOOD),
    "cwr.missing": (_work(NWR={"recorded_indicator": ""}), GOOD),
    "cwr.missing.transaction": (_work(NWR={"title": ""}), GOOD),
    "cwr.lookup": (_work(SPU={"pr_society": "999"}), _work(SPU={"pr_society": "177"})),
    "cwr.lookup.transaction": (_work(SWT={"territory": "9999"}), GOOD),
    "cwr.number": (_work(SWR={"personal_number": "1X2"}), GOOD),
    "cwr.number.transaction": (_work(SPU={"publisher_sequence": "X1"}), GOOD),
    "cwr.share.transaction": (_work(SPU={"pr_share": "10001"}), GOOD),
    "cwr.flag": (_work(NWR={"priority": "Q"}), _work(NWR={"priority": "Y"})),
    "cwr.date": (_work(NWR={"copyright_date": "20261301"}), _work(NWR={"copyright_date": "20261201"})),
    "cwr.date.transaction": (_agreement(AGR={"start_date": "20261301"}), FINE),
    "cwr.time": (_work(NWR={"duration": "006100"}), _work(NWR={"duration": "000610"})),
    "cwr.group_number": (_two_groups("NWR", "AGR", b"00003"), _two_groups("NWR", "AGR")),
    "cwr.group_repeated": (_two_groups("NWR", "NWR"), _two_groups("NWR", "AGR")),
    "cwr.group_empty": (lambda: file_of("2.2", ("NWR", [])), GOOD),
    "cwr.edi_version": (lambda: good(edi_version="01.20"), GOOD),
    "cwr.arrangement_missing": (_of(changed(ARRANGED, NWR={"music_arrangement": ""})), _of(ARRANGED)),
    "cwr.adaptation_missing": (_of(changed(ARRANGED, NWR={"lyric_adaptation": ""})), _of(ARRANGED)),
    "cwr.component_count_missing": (
        _work(NWR={"composite_type": "MED"}), _work(NWR={"composite_type": "MED", "component_count": "2"})),
    "cwr.composite_type_missing": (
        _work(NWR={"component_count": "2"}), _work(NWR={"composite_type": "MED", "component_count": "2"})),
    "cwr.component_count_small": (
        _work(NWR={"composite_type": "MED", "component_count": "1"}),
        _work(NWR={"composite_type": "MED", "component_count": "2"})),
    "cwr.serious_without_duration": (_of(changed(PLAYED, NWR={"duration": ""})), _of(PLAYED)),
    "cwr.publisher_without_ownership": (_also("SPT", "SPU", **SUB, mr_share="1"), _also("SPT", "SPU", **SUB)),
    "cwr.publisher_share_large": (_work(SPU={"pr_share": "5001"}), GOOD),
    "cwr.controlled_unknown": (_work(SWR={"unknown_indicator": "Y"}), GOOD),
    "cwr.name_missing": (
        _also("PWR", "OWR", writer_type="A"), _also("PWR", "OWR", writer_type="A", unknown_indicator="Y")),
    "cwr.unknown_named": (
        _also("PWR", "OWR", **WRITER, unknown_indicator="Y"), _also("PWR", "OWR", **WRITER)),
    "cwr.collection_without_share": (_work(SPT=NOTHING), GOOD),
    "cwr.writer_collection_without_share": (_work(SWT=NOTHING), GOOD),
    "cwr.exclusion_with_share": (
        _also("SWT", "SWT", **{**WORK[4][1], **BUT_KZ}),
        _also("SWT", "SWT", **{**WORK[4][1], **BUT_KZ, **NOTHING})),
    "cwr.recording_empty": (_also("PWR", "REC"), _also("PWR", "REC", title="SONG LIVE")),
    "cwr.isrc_without_validity": (
        _also("PWR", "REC", isrc="KZA012500001"),
        _also("PWR", "REC", isrc="KZA012500001", isrc_validity="Y")),
    "cwr.information_empty": (
        _also("PWR", "ARI", society="177", type_of_right="ALL"),
        _also("PWR", "ARI", society="177", type_of_right="ALL", work_number="K1")),
    "cwr.note_without_subject": (
        _also("PWR", "ARI", society="177", type_of_right="ALL", note="SEE K1"),
        _also("PWR", "ARI", society="177", type_of_right="ALL", note="SEE K1", subject_code="DW")),
    "cwr.library_without_cd": (
        _also("PWR", "ORN", intended_purpose="LIB", library="L"),
        _also("PWR", "ORN", intended_purpose="LIB", library="L", cd_identifier="CD1")),
    "cwr.origin_without_title": (
        _also("PWR", "ORN", intended_purpose="COM"),
        _also("PWR", "ORN", intended_purpose="COM", production_title="P")),
    "cwr.film_without_title": (
        _also("PWR", "ORN", intended_purpose="FIL", library="L"),
        _also("PWR", "ORN", intended_purpose="FIL", production_title="P")),
    "cwr.performance_empty": (_also("PWR", "NPR"), _also("PWR", "NPR", performance_language="KK")),
    "cwr.national_title_without_language": (
        _also("PWR", "ALT", title="T", title_type="OL"),
        _also("PWR", "ALT", title="T", title_type="OL", language="KK")),
    "cwr.prior_date_missing": (_agreement(AGR={"prior_royalty_status": "D"}), _agreement(AGR=DATED)),
    "cwr.prior_date_not_allowed": (
        _agreement(AGR={**DATED, "prior_royalty_status": "A"}), _agreement(AGR=DATED)),
    "cwr.prior_date_late": (
        _agreement(AGR={**DATED, "prior_royalty_start_date": "20200101"}), _agreement(AGR=DATED)),
    "cwr.end_before_start": (_agreement(AGR={"end_date": "20191231"}), FINE),
    "cwr.retention_early": (
        _agreement(AGR={"retention_end_date": "20251230"}),
        _agreement(AGR={"retention_end_date": "20251231"})),
    "cwr.post_term_early": (
        _agreement(AGR={"post_term_status": "D", "post_term_end_date": "20251231"}),
        _agreement(AGR={"post_term_status": "D", "post_term_end_date": "20260101"})),
    "cwr.post_term_date_missing": (
        _agreement(AGR={"post_term_status": "D"}),
        _agreement(AGR={"post_term_status": "D", "post_term_end_date": "20260101"})),
    "cwr.post_term_date_not_allowed": (_agreement(AGR={"post_term_end_date": "20260101"}), FINE),
    "cwr.sales_clause_missing": (
        _agreement(AGR={"agreement_type": "OS"}),
        _agreement(AGR={"agreement_type": "OS", "sales_manufacture_clause": "S"})),
    "cwr.agreement_without_works": (_agreement(AGR={"number_of_works": "0"}), FINE),
    "cwr.acquirer_without_share_given": (_agreement(IPA2={"pr_share": "0"}), FINE),
    "cwr.party_without_society": (_agreement(IPA={"pr_society": ""}), FINE),
    "cwr.share_without_society": (_agreement(IPA={"mr_share": "5000"}), FINE),
    "cwr.answer_without_title": (_of(changed(ANSWER, ACK={"title": ""})), _of(ANSWER)),
    "cwr.agreement_share_total": (_agreement(IPA={"pr_share": "4000"}), _agreement(IPA={"pr_share": "4994"})),
    "cwr.writers_share_total": (_work(SWR={"pr_share": "4000"}), _work(SWR={"pr_share": "4994"})),
    "cwr.no_creator": (_work(SWR={"writer_type": "AR"}), GOOD),
    "cwr.version_without_arranger": (_work(NWR=MOD), _of(ARRANGED)),
    "cwr.version_without_paid_arranger": (
        _of(changed(ARRANGED, SWR=NOTHING, OWR={"pr_share": "0"})),
        _of(without(changed(ARRANGED, SWR=NOTHING, OWR=HALF), "SWT"))),
    "cwr.original_with_arranger": (_work(SWR={"writer_type": "AR"}), GOOD),
    "cwr.music_with_words": (_work(NWR=MUSIC_ONLY), _work(NWR=MUSIC_ONLY, SWR={"writer_type": "C"})),
    "cwr.public_domain_share": (
        _work(SWR={"name": "DP"}),
        _of(changed(WORK, SWR={"name": "DP", **NO_PR}, SPU=NO_PR, SPT=NO_PR))),
    "cwr.film_without_origin": (
        _work(NWR={"work_type": "FM"}),
        _of(placed(changed(WORK, NWR={"work_type": "FM"}), "PWR",
                   ("ORN", {"intended_purpose": "FIL", "production_title": "P"})))),
    "cwr.serious_without_instruments": (
        _work(NWR=SERIOUS), _of(PLAYED)),
    "cwr.component_without_composite": (
        _also("PWR", "COM", title="A", writer_1_name="B"),
        _of(placed(changed(WORK, NWR={"composite_type": "MED", "component_count": "2"}), "PWR",
                   ("COM", {"title": "A", "writer_1_name": "B"})))),
    "cwr.repeated_record": (
        _of(placed(WORK, "PWR", *[("VER", {"title": "OLD"})] * 2)), _also("PWR", "VER", title="OLD")),
    "cwr.chain_number": (_work(SPU={"publisher_sequence": "2"}), GOOD),
    "cwr.chain_start": (_work(SPU={"publisher_type": "AM", **NOTHING}), GOOD),
    "cwr.chain_mixed": (
        _also("SPT", "OPU", **OWNER), _also("SPT", "OPU", **OTHER)),
    "cwr.chain_two_originals": (_also("SPT", "SPU", **OWNER), GOOD),
    "cwr.acquirer_out_of_chain": (
        _of(changed(WORK, SPU={"publisher_type": "AQ"})), _of(SOLD)),
    "cwr.acquirer_without_share": (
        _also("SPT", "SPU", **BUYER), _of(SOLD)),
    "cwr.acquired_owner_with_share": (
        _also("SPT", "SPU", **BUYER, mr_share="100"), _of(SOLD)),
    "cwr.chain_without_share": (_work(SPU=NOTHING), GOOD),
    "cwr.chain_without_territory": (_of(without(WORK, "SPT")), GOOD),
    "cwr.chain_collection": (_work(SPT={"pr_share": "4000"}), _work(SPT={"pr_share": "4994"})),
    "cwr.collection_total": (_work(SWT={"mr_share": "6000"}), _work(SWT={"mr_share": "5006"})),
    "cwr.territory_number": (_work(SPT={"territory_sequence": "2"}), GOOD),
    "cwr.collector_without_ipi": (_work(SPU={"ipi_name": ""}), GOOD),
    "cwr.writer_without_link": (_of(without(WORK, "PWR")), GOOD),
    "cwr.link_incomplete": (_work(PWR={"publisher_name": ""}), GOOD),
    "cwr.link_left_out": (
        _of(changed(IN_2_1, PWR={"writer_ip_number": "W9"}), "2.1"), _of(IN_2_1, "2.1")),
    "cwr.record_order": (_of((WORK[0], *WORK[3:], *WORK[1:3])), GOOD),
    "cwr.link_of_other_writer": (_work(PWR={"writer_ip_number": "W9"}), GOOD),
    "cwr.link_of_other_chain": (_work(PWR={"publisher_ip_number": "P9"}), GOOD),
    "cwr.number_repeated": (
        lambda: file_of("2.2", ("NWR", [WORK, changed(WORK, NWR={"title": "OTHER"})])),
        lambda: file_of("2.2", ("NWR", [WORK, changed(WORK, NWR={"work_number": "S2"})]))),
    "cwr.agreement_works": (lambda: _agreed("S1", "S2"), lambda: _agreed("S1")),
    "cwr.society_as_publisher": (
        _of(without(changed(WORK, SPU={**OF_SOCIETY, "ipi_name": ""}, PWR=LINKED_TO_IT), "SPT")),
        _work(SPU=OF_SOCIETY, PWR=LINKED_TO_IT)),
    "cwr.first_name_not_allowed": (
        _agreement(IPA2={"first_name": "ANNA"}), _agreement(IPA={"first_name": "ANNA"})),
    "cwr.name_of_other_chain": (
        _also("SPU", "NPN", ip_number="P1", name="N", publisher_sequence="2"),
        _also("SPU", "NPN", ip_number="P1", name="N", publisher_sequence="1")),
    "cwr.second_writer_unnamed": (
        _medley(writer_2_first_name="ANNA"), _medley(writer_2_first_name="ANNA", writer_2_name="C")),
    "cwr.message_place": (
        _answered(original_record_type="SPU", original_record_sequence="0"),
        _answered(original_record_type="SPU", original_record_sequence="1")),
    "cwr.message_edit_unknown": (_answered(validation_number="099"), _answered(validation_number="005")),
    "cwr.party_number_shared": (
        _also("PWR", "OWR", **{**WRITER, "ip_number": "P1", "ipi_name": "90000003887"}),
        _also("PWR", "OWR", **{**WRITER, "ipi_name": "90000003887"})),
    "cwr.link_of_no_chain": (_work(PWR={"publisher_sequence": "8"}), GOOD),
    "cwr.link_name_differs": (_work(PWR={"publisher_name": "HUT"}), GOOD),
    "cwr.link_to_no_original": (
        _of(changed(placed(IN_2_1, "SPU", ("SPU", SUB)), PWR={"publisher_ip_number": "P2"},
                    SPT={"ip_number": "P2"}), "2.1"),
        _of(IN_2_1, "2.1")),
    "cwr.conflict_without_work": (
        _of((*ANSWER, ("EXC", {"title": "SONG", "work_number": "S1"}))),
        _of((*ANSWER, *WORK))),
    "cwr.special_agreement_other": (
        _also("SPT", "OPU", **OTHER, special_agreement="R"),
        _also("SPT", "OPU", **OTHER, special_agreement="L")),
    "cwr.instruments_described": (
        _also("PWR", "INS", instrumentation="BBA", description="BRASS"),
        _also("PWR", "INS", instrumentation="BBA")),
    "cwr.instruments_empty": (
        _of(placed(changed(IN_2_1, NWR=SERIOUS), "PWR", ("INS", {"number_of_voices": "2"})), "2.1"),
        _of(placed(changed(IN_2_1, NWR=SERIOUS), "PWR", ("INS", {"description": "KOBYZ"})), "2.1")),
    "cwr.title_repeated": (
        _of(placed(WORK, "PWR", *[("NAT", {"title": "N", "title_type": kind}) for kind in ("OT", "OT")])),
        _of(placed(WORK, "PWR", *[("NAT", {"title": "N", "title_type": kind}) for kind in ("OT", "AT")]))),
    "cwr.header_version": (_edit(b"2.2002", b"2,2002"), GOOD),
    "cwr.header_revision": (_edit(b"2.2002", b"2.2009"), GOOD),
    "cwr.group_version": (_edit(b"02.20", b"2,200"), GOOD),
    "cwr.production_identifier": (
        _made_for(isan="00000000D07A", isan_episode="0090", isan_check_digit="R"),
        _made_for(isan="00000000D07A", isan_episode="0090", isan_check_digit="Q")),
    "cwr.production_year": (_made_for(production_year="1066"), _made_for(production_year="1966")),
    "cwr.name_of_other_party": (
        _also("SPU", "NPN", ip_number="P9", name="N", publisher_sequence="1"),
        _also("SPU", "NPN", ip_number="P1", name="N", publisher_sequence="1")),
}  # fmt: skip
