"""What else a work registration says: titles, performers, recordings, related works; data invented."""

from __future__ import annotations

from cwr_registrations import MEDLEY, WRITER, read_work

from schemas.declarations import (
    OtherName,
    PartyName,
    Performer,
    RecordingReference,
    RelatedWork,
    Title,
)


def test_titles_performers_recordings_and_references() -> None:
    work, codes = read_work(
        WRITER,
        ("ALT", {"title": "SECOND NAME", "title_type": "AT", "language": "KK"}),
        ("ALT", {"title": "THIRD NAME", "title_type": "??"}),
        ("NAT", {"title": "БІРІНШІ ӘН", "title_type": "OT", "language": "KK"}),
        ("PER", {"name": "BAND", "first_name": "THE"}),
        (
            "REC",
            {
                "release_date": "20250301",
                "duration": "000330",
                "isrc": "KZA012500001",
                "album_title": "ALBUM",
                "title": "FIRST SONG",
                "version_title": "LIVE",
                "display_artist": "THE BAND",
                "record_label": "LABEL",
                "isrc_validity": "Y",
            },
        ),
        ("ORN", {"intended_purpose": "LIB", "cd_identifier": "CD7", "library": "SOUNDS"}),
        ("XRF", {"organisation": "177", "identifier": "KZ1", "identifier_type": "W", "validity": "Y"}),
        ("XRF", {"organisation": "288", "identifier": "KZ2", "identifier_type": "W", "validity": "N"}),
    )
    assert sorted(codes) == ["cwr.lookup", "file.encoding"]
    assert work.titles == (
        Title("SECOND NAME", "AT", "KK"),
        Title("THIRD NAME", "AT"),
        Title("БІРІНШІ ӘН", "OT", "KK"),
    )
    assert work.performers == (Performer(PartyName("BAND", "THE")),)
    assert work.recordings == (
        RecordingReference("KZA012500001", "FIRST SONG", "LIVE", "THE BAND", 210, "LABEL", "2025-03-01"),
    )
    assert work.other_refs == (("177", "KZ1"),)
    details = dict(work.details)
    assert details["REC.album_title"] == "ALBUM"
    assert (details["ORN.cd_identifier"], details["ORN.library"]) == ("CD7", "SOUNDS")
    assert details["XRF"].startswith("288KZ2")


def test_header_fields_and_originals_are_kept_as_details() -> None:
    work, codes = read_work(
        WRITER,
        ("NWN", {"ip_number": "W1", "name": "ЖАЗУШЫ", "first_name": "АННА", "language": "KK"}),
        ("VER", {"title": "THE ORIGINAL", "writer_1_name": "ANCESTOR"}),
        ("INS", {"number_of_voices": "4", "instrumentation": "SQU"}),
        language="RU",
        duration="000259",
        iswc="T0345246801",
        contact_name="MS CLERK",
        copyright_date="20240229",
        priority="Y",
    )
    assert "cwr.lookup" not in codes
    assert (work.language, work.duration, work.iswc) == ("RU", 179, "T0345246801")
    details = dict(work.details)
    assert "transaction" not in details
    assert details["distribution_category"] == "POP"
    assert details["contact_name"] == "MS CLERK"
    assert details["copyright_date"] == "20240229"
    assert work.claims[0].party.other_names == (OtherName("ЖАЗУШЫ", "АННА", "KK"),)
    assert work.related == (RelatedWork("version-of", "THE ORIGINAL", writers=(PartyName("ANCESTOR"),)),)
    assert details["INS"] == "004SQU"


def test_components_and_wholes_with_their_other_titles_and_names() -> None:
    work, codes = read_work(
        WRITER,
        ("EWT", {"title": "THE WHOLE", "iswc": "T0345246801", "source": "OPERA", "language": "KK"}),
        ("NET", {"title": "БҮТІН", "language": "KK"}),
        ("COM", {"title": "FIRST", "writer_1_name": "ANNA", "work_number": "C1", "duration": "000130"}),
        ("NCT", {"title": "БІРІНШІ"}),
        ("NOW", {"name": "АННА", "writer_position": "1", "language": "KK"}),
        ("COM", {"title": "SECOND", "writer_1_name": "ANNA", "writer_2_name": "BEK"}),
        ("NOW", {"name": "БЕК", "writer_position": "2"}),
        ("COM", {"title": "THIRD", "writer_1_name": "ANNA"}),
        ("NOW", {"name": "БЕК", "writer_position": "2"}),
        **MEDLEY,
    )
    assert codes == ["file.encoding"]
    whole, first, second, third = work.related
    assert (whole.relation, whole.iswc, whole.source, whole.language) == (
        "excerpt-of",
        "T0345246801",
        "OPERA",
        "KK",
    )
    assert whole.titles == (Title("БҮТІН", "OT", "KK"),)
    assert (first.relation, first.ref, first.duration) == ("component", "C1", 90)
    assert first.titles == (Title("БІРІНШІ", "OT", ""),)
    assert first.writers == (PartyName("ANNA", other_names=(OtherName("АННА", "", "KK"),)),)
    assert [party.other_names for party in second.writers] == [(), (OtherName("БЕК"),)]
    assert third.writers == (PartyName("ANNA"),)
    assert [key for key, _ in work.details if key == "NOW"] == ["NOW"]


def test_the_title_of_a_component_that_is_left_out_is_not_given_to_another() -> None:
    work, codes = read_work(
        WRITER,
        ("COM", {"title": "FIRST", "writer_1_name": "ANNA"}),
        ("COM", {"title": "SECOND"}),
        ("NCT", {"title": "ЕКІНШІ"}),
        **MEDLEY,
    )
    assert "cwr.record_left_out" in codes
    assert "cwr.out_of_place" in codes
    assert [(item.title, item.titles) for item in work.related] == [("FIRST", ())]
    assert [key for key, _ in work.details if key in ("COM", "NCT")] == ["COM", "NCT"]


def test_performers_in_other_alphabets() -> None:
    work, codes = read_work(
        WRITER,
        ("PER", {"name": "ANNA", "ipi_name": "90000000109"}),
        ("PER", {"name": "ZHAZ", "first_name": "BEK"}),
        ("NPR", {"name": "АННА", "ipi_name": "90000000109", "language": "RU", "performance_language": "KK"}),
        ("NPR", {"name": "ЖАЗ", "first_name": "БЕК"}),
        ("NPR", {"name": "БӨТЕН"}),
    )
    assert codes == ["file.encoding"]
    anna = PartyName("ANNA", ipi_name="90000000109", other_names=(OtherName("АННА", "", "RU"),))
    assert work.performers == (
        Performer(anna, language="KK"),
        Performer(PartyName("ZHAZ", "BEK", other_names=(OtherName("ЖАЗ", "БЕК"),))),
        Performer(PartyName("", other_names=(OtherName("БӨТЕН"),))),
    )


def test_notifications_say_which_transaction_they_were() -> None:
    work, _ = read_work(WRITER, kind="ISW")
    assert work.details[0] == ("transaction", "ISW")
    conflict, codes = read_work(WRITER, kind="EXC", distribution_category="", version_type="")
    assert conflict.details[0] == ("transaction", "EXC")
    assert codes == []


def test_the_unmodelled_fields_of_parties_are_kept() -> None:
    writer = {**WRITER[1], "tax_id": "123456789", "first_recording_refusal": "N", "work_for_hire": "Y"}
    work, codes = read_work(("SWR", writer))
    assert codes == []
    kept = {key: value for key, value in work.details if key.startswith("SWR")}
    assert kept == {"SWR.tax_id:W1": "123456789", "SWR.work_for_hire:W1": "Y"}


def test_the_position_is_no_content() -> None:
    first, _ = read_work(WRITER)
    second, _ = read_work(WRITER, version="2.1")
    assert first == second
