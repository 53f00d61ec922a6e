"""Whole answers over a real hub: the contract's shape, known time, exact totals for any claims."""

from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hubs import MANDATE_HEADER, MANDATES, SOCIETIES, WORK_HEADER, WORKS, answer, fresh_hub, send
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.answers.batch import Desk, who_to_pay
from hub.answers.question import ask
from hub.context import Hub
from hub.db import times
from hub.db.engine import reading
from hub.errors import AmbiguousReference, UnknownSubject, UsageError
from hub.mandates.withdrawals import Notice, withdraw
from hub.registers import import_societies

RECORDING_HEADER = (
    "recording_ref,isrc,title,artist,duration,year,works,"
    "party_name,party_id,role,right,share,territories,society\n"
)


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        send(opened, WORKS)
        send(opened, MANDATES)
        yield opened


def total(found: dict[str, Any]) -> Decimal:
    return sum((Decimal(value) for value in found["totals"].values()), Decimal(0))


def by_ipi(found: dict[str, Any]) -> dict[str, Any]:
    return {line["party"]["ipi"]: line for line in found["lines"] if line["party"]}


def test_the_answer_has_the_contracts_shape(hub: Hub) -> None:
    found = answer(hub)
    assert set(found) == {"question", "subject", "policy", "lines", "totals", "sources"}
    assert set(found["question"]) == {"subject", "right", "use", "territory", "on", "known_at"}
    assert found["policy"] == {"shares": "least-agreed/1", "mandates": "precedence/1"}
    assert set(found["totals"]) == {"payable", "disputed", "contested", "unclaimed", "unrepresented", "held"}
    line = by_ipi(found)["90000003887"]
    assert {"party", "role", "share", "status", "payee", "candidates", "chain", "reasons"} <= set(line)
    assert [hop["holder"] for hop in line["chain"]] == ["052", "177"]
    assert set(line["chain"][0]) == {"mandate", "grantor", "holder", "basis", "valid_from", "source"}
    assert set(line["chain"][0]["source"]) == {"submission", "position"}
    assert line["payee"] == {"society": "177", "name": "KAZAK"}
    assert found["sources"][0]["position"] == "line:2"


def test_money_is_split_to_the_last_unit(hub: Hub) -> None:
    found = answer(hub, amount="100.01", currency="KZT")
    assert sum(Decimal(line["amount"]) for line in found["lines"]) == Decimal("100.01")


def test_an_answer_asked_again_is_the_same_bytes(hub: Hub) -> None:
    first = who_to_pay(hub, ask("iswc:T9123456780", right="PR", use="radio", territory="KZ", on="2026-03-15"))
    known_at = first.as_json()["question"]["known_at"]
    send(hub, WORKS.replace(",50,50,", ",40,40,").replace(",25,50,", ",35,60,"))
    send(hub, MANDATE_HEADER + "X,party,90000000109,W,901,PR,*,2136,2010-01-01,,Y,declaration,,\n", "901")
    withdraw(hub, Notice("R1", "2026-01-01", "2026-02-01"), "052")
    import_societies(hub, io.BytesIO(SOCIETIES.replace("KAZAK", "KazAK, renamed").encode()))
    again = who_to_pay(
        hub,
        ask("iswc:T9123456780", right="PR", use="radio", territory="KZ", on="2026-03-15", known_at=known_at),
    )
    assert again.encode() == first.encode()
    assert answer(hub)["lines"] != first.as_json()["lines"]


def test_a_withdrawal_takes_effect_on_its_day(hub: Hub) -> None:
    send(hub, MANDATE_HEADER + "M6,party,90000000109,W,901,PR,*,2136,2026-07-01,,Y,declaration,,\n", "901")
    withdraw(hub, Notice("M1", "2025-12-20", "2026-07-01"), "177")
    assert by_ipi(answer(hub, on="2026-06-30"))["90000000109"]["payee"]["society"] == "177"
    assert by_ipi(answer(hub, on="2026-07-01"))["90000000109"]["payee"]["society"] == "901"


def test_the_payee_needs_the_accreditation_that_the_territory_demands(hub: Hub) -> None:
    licensed = SOCIETIES.replace(
        "901,Altyn Dala (invented),KZ,cmo,", "901,Altyn Dala,KZ,cmo,KZ:PR:2020-01-01:"
    )
    import_societies(hub, io.BytesIO(licensed.encode()))
    found = answer(hub)
    assert found["totals"]["held"] == "100.00"
    assert found["lines"][0]["reasons"] == ["accreditation_missing"]
    assert answer(hub, on="2019-12-31")["totals"]["payable"] == "100.00"
    lapsed = licensed.replace(
        "177,KAZAK,KZ,cmo,", "177,KAZAK,KZ,cmo,KZ:*:2019-01-01:2025-01-01|KZ:MR:2019-01-01:"
    )
    import_societies(hub, io.BytesIO(lapsed.encode()))
    assert answer(hub)["lines"][0]["reasons"] == ["accreditation_lapsed"]
    sphere = licensed.replace("177,KAZAK,KZ,cmo,", "177,KAZAK,KZ,cmo,KZ:MR:2019-01-01:")
    import_societies(hub, io.BytesIO(sphere.encode()))
    assert answer(hub)["lines"][0]["reasons"] == ["accreditation_sphere"]


def test_a_recording_is_paid_through_its_works(hub: Hub) -> None:
    send(hub, WORK_HEADER + "Y,SECOND SONG,T9123456791,ИВАНОВА ОЛЬГА,90000026086,CA,,100,100,\n")
    row = "R1,KZDAL2600001,MEDLEY,ERLAN,00:05:10,2026,iswc:T9123456780=60|iswc:T9123456791=40,,,,,,,\n"
    send(hub, RECORDING_HEADER + row)
    found = answer(hub, "isrc:KZDAL2600001")
    assert found["totals"]["payable"] == "60.00"
    assert found["totals"]["unrepresented"] == "40.00"
    assert total(found) == 100
    assert found["subject"]["kind"] == "recording"
    assert {line["work"]["iswc"] for line in found["lines"]} == {"T9123456780", "T9123456791"}


def test_a_work_that_is_not_there_is_unclaimed(hub: Hub) -> None:
    row = "R1,KZDAL2600001,MEDLEY,ERLAN,,2026,iswc:T9123456780=60|iswc:T0345246801=40,,,,,,,\n"
    send(hub, RECORDING_HEADER + row)
    found = answer(hub, "isrc:KZDAL2600001")
    assert found["totals"]["unclaimed"] == "40.00"
    assert [line["reasons"] for line in found["lines"] if line["status"] == "unclaimed"] == [
        ["work_not_in_catalogue"]
    ]


def test_a_work_learned_later_is_not_there_before(hub: Hub) -> None:
    send(
        hub,
        RECORDING_HEADER + "R7,KZA012500007,Later,Band,PT3M,2024,W9=100,,,,,,,\n",
    )
    before = answer(hub, "isrc:KZA012500007")
    assert before["lines"][0]["reasons"] == ["work_not_in_catalogue"]
    send(hub, WORK_HEADER + "W9,LATER,,HARTLEY JANE,90000003887,CA,177,100,100,\n")
    assert answer(hub, "isrc:KZA012500007")["lines"][0]["status"] == "payable"
    known_at = before["question"]["known_at"]
    assert answer(hub, "isrc:KZA012500007", known_at=known_at) == before
    asked = ask("isrc:KZA012500007", right="PR", use="radio", territory="KZ", on="2026-03-15")
    with reading(hub.engine) as connection:
        desk = Desk(connection, times.parse(known_at))
        desk.read_ahead([asked])
        assert desk.answer(asked).as_json() == before


def test_neighbouring_rights_belong_to_the_recording(hub: Hub) -> None:
    rows = (
        "R1,KZDAL2600001,SONG,ERLAN,,2026,,DALA RECORDS,0000000121032683,,PROD,100,,911\n"
        "R1,KZDAL2600001,SONG,ERLAN,,2026,,ERLAN,,MainArtist,PERF,60,,\n"
    )
    send(hub, RECORDING_HEADER + rows)
    assert answer(hub, "isrc:KZDAL2600001", right="PROD")["totals"]["payable"] == "100.00"
    performers = answer(hub, "isrc:KZDAL2600001", right="PERF")
    assert (performers["totals"]["unrepresented"], performers["totals"]["unclaimed"]) == ("60.00", "40.00")
    with pytest.raises(UsageError, match="recording"):
        answer(hub, right="PROD")


def test_unknown_subjects_and_wrong_words_are_told_apart(hub: Hub) -> None:
    with pytest.raises(UnknownSubject):
        answer(hub, "iswc:T9000000000")
    with pytest.raises(UnknownSubject):
        answer(hub, known_at="2001-01-01T00:00:00Z")
    for wrong in (
        {"subject": "T9123456780"},
        {"subject": "iswc:T9123456781"},
        {"right": "XX"},
        {"use": "whistling"},
        {"territory": "2136"},
        {"territory": "Narnia"},
        {"on": "yesterday"},
        {"known_at": "soon"},
        {"amount": "1.00"},
        {"amount": "1.005", "currency": "KZT"},
    ):
        with pytest.raises(UsageError):
            answer(hub, **wrong)


@pytest.mark.parametrize(
    ("territory", "on", "message"),
    [
        ("KZ", "1990-01-01", "begins on 1992-01-01; on 1990-01-01 ask for the country there was then"),
        ("810", "2026-01-01", "ended before 1992-01-01"),
        ("2118", "2026-01-01", "is a group"),
        ("2118", "1980-01-01", "is a group"),
        ("XX", "2026-01-01", "is not known"),
    ],
)
def test_a_territory_that_is_no_country_of_the_day_says_why(territory: str, on: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ask("iswc:T9123456780", right="PR", use="radio", territory=territory, on=on)


def test_a_clash_of_identifiers_is_not_merged(hub: Hub) -> None:
    send(
        hub, WORK_HEADER + "Z,QUITE ANOTHER THING,T9123456780,ИВАНОВА ОЛЬГА,90000026086,CA,,100,100,\n", "901"
    )
    with pytest.raises(AmbiguousReference, match="several"):
        answer(hub)


shares = st.integers(0, 100)
statement = st.tuples(st.sampled_from(["90000000109", "90000003887", "90000007581"]), shares, st.booleans())


AWAY = "2136|-KZ"


def mandate_row(number: int, terms: tuple[str, str, str, str]) -> str:
    grantor, holder, basis, territories = terms
    kind = "any" if grantor == "*" else "society" if len(grantor) == 3 else "party"
    basis = "statute" if grantor == "*" else basis
    return f"M{number},{kind},{grantor},,{holder},PR,*,{territories},2010-01-01,,Y,{basis},,\n"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(statement, min_size=1, max_size=4), min_size=1, max_size=3),
    st.lists(
        st.tuples(
            st.sampled_from(["90000000109", "90000003887", "052", "177", "*"]),
            st.sampled_from(["177", "901", "052"]),
            st.sampled_from(["declaration", "agreement", "assertion"]),
            st.sampled_from(["2136", "KZ", "2136|-KZ"]),
        ),
        max_size=5,
    ),
)
def test_totals_add_up_to_exactly_100(
    tmp_path_factory: pytest.TempPathFactory,
    claims: list[list[tuple[str, int, bool]]],
    mandates: list[tuple[str, str, str, str]],
) -> None:
    folder = tmp_path_factory.mktemp("hub")
    with fresh_hub(f"sqlite:///{folder / 'hub.db'}", folder) as hub:
        for society, said in zip(("177", "901", "052"), claims, strict=False):
            rows = (
                f"K,ЖАЗҒЫ КЕШ,T9123456780,P{ipi},{ipi},CA,{society},{share},{share},{AWAY if away else ''}\n"
                for ipi, share, away in said
            )
            send(hub, WORK_HEADER + "".join(rows), society)
        send(hub, MANDATE_HEADER + "".join(mandate_row(*item) for item in enumerate(mandates)))
        found = answer(hub, amount="1000.01", currency="KZT")
    assert total(found) == 100
    assert sum(Decimal(line["share"]) for line in found["lines"]) == 100
    assert sum(Decimal(line["amount"]) for line in found["lines"]) == Decimal("1000.01")


@pytest.mark.parametrize("nobody", ["099", "000"])
def test_the_code_for_no_society_is_never_paid(hub: Hub, nobody: str) -> None:
    send(hub, f"{WORK_HEADER}N1,ALONE,,LONE WRITER,,CA,{nobody},100,100,\n")
    assert answer(hub, "society-code:177:N1")["totals"]["unrepresented"] == "100.00"
