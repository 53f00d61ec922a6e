"""Dossiers: answers from them are those of the rules, and what changes makes the right ones void."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from cwr_registrations import one_writer
from ddex_mwn_messages import VALID as MWN
from hubs import MANDATE_HEADER, MANDATES, WORK_HEADER, WORKS, fresh_hub, send
from sqlalchemy import select, update
from typer.testing import CliRunner

from hub.answers.batch import Desk, who_to_pay_as_bytes
from hub.answers.public_domain import Decision, decide, take_back
from hub.answers.question import Question, ask
from hub.answers.resolve import resolve
from hub.answers.standing import standing
from hub.cli.app import app
from hub.conflicts.conflict_records import queue
from hub.conflicts.dialogue import Step, act
from hub.conflicts.finding import refresh
from hub.context import Hub
from hub.db.counters import horizon
from hub.db.engine import reading, writing
from hub.db.tables import DOSSIER, JOB, SUBJECT
from hub.doctor import examine
from hub.dossiers import preparing, scopes
from hub.dossiers.preparing import keep_up, prepare
from hub.dossiers.reading import Dossiers
from hub.errors import HubError
from hub.jobs import queue as job_queue
from hub.jobs.handlers import HANDLERS
from hub.jobs.worker import Worker
from hub.links import review
from hub.mandates.withdrawals import Notice, withdraw
from hub.registers import OPERATOR, import_societies

TERMS = {"right": "PR", "use": "radio", "territory": "KZ", "on": "2026-03-15"}
OTHER = f"{WORK_HEADER}K2,ҚАЙТАЛАУ,T9123456791,БЕКОВА АЙША,90000004784,CA,177,100,100,\n"
OTHERS_MANDATE = (
    f"{MANDATE_HEADER}M8,party,90000004784,БЕКОВА АЙША,177,PR,*,2136,2010-01-01,,Y,declaration,,\n"
)
RECORDINGS = (
    "recording_ref,isrc,title,artist,duration,year,works,party_name,party_id,role,right,share,territories,society\n"
    "R1,KZA012500001,Evening,Band,200,2025,iswc:T9123456780,Label,,Producer,PROD,100,,911\n"
    "R2,KZA012500002,Again,Band,200,2025,iswc:T9123456791,Label,,Producer,PROD,100,,911\n"
)
WORK, RECORDING = "iswc:T9123456780", "isrc:KZA012500001"
UNTOUCHED = ("iswc:T9123456791", "isrc:KZA012500002")


@pytest.fixture
def hub(database_url: str, tmp_path: Path) -> Iterator[Hub]:
    with fresh_hub(database_url, tmp_path) as opened:
        for feed in (WORKS, OTHER, MANDATES, OTHERS_MANDATE):
            send(opened, feed)
        send(opened, RECORDINGS, "911")
        prepare(opened)
        yield opened


def question(subject: str, **other: str) -> Question:
    return ask(subject, **{**TERMS, **other})


def told(hub: Hub, asked: Question, at: int | None = None) -> bytes:
    """The answer as a batch gives it, the second time, when forms were learned; it is that of the rules."""
    with reading(hub.engine) as connection:
        desk = Desk(connection, at)
        said = [desk.encoded_anew([asked])[asked] for _ in range(2)]
        try:
            alone = resolve(connection, replace(asked, known_at=desk.known_at)).encode()
        except HubError as fault:
            alone = str(fault).encode()
    assert [str(item).encode() if isinstance(item, HubError) else item for item in said] == [alone, alone]
    return alone


def held(hub: Hub, *subjects: str, **other: str) -> list[str]:
    """Those of these subjects that have a dossier which holds now."""
    questions = {question(subject, **other): subject for subject in subjects}
    with reading(hub.engine) as connection:
        at = horizon(connection)
        found = Dossiers(connection, standing(connection, at), at).of(list(questions))
    return [subject for asked, subject in questions.items() if asked in found]


def test_answers_are_filled_in_from_dossiers(hub: Hub) -> None:
    for subject in (WORK, RECORDING, *UNTOUCHED):
        assert held(hub, subject) == [subject]
        answer = told(hub, question(subject))
        with reading(hub.engine) as connection:
            at = horizon(connection)
            dossiers = Dossiers(connection, standing(connection, at), at)
            [(asked, parts)] = dossiers.of([question(subject)]).items()
            assert dossiers.filled(asked, parts) == answer
        assert who_to_pay_as_bytes(hub, question(subject)) == answer
    for right, subject in (("PROD", RECORDING), ("MR", WORK), ("MR", RECORDING)):
        assert held(hub, subject, right=right) == [subject]
        told(hub, question(subject, right=right, use="download"))


def test_what_dossiers_do_not_tell_is_answered_otherwise(hub: Hub) -> None:
    told(hub, question(WORK, policy="cisac-counterclaim/1"))
    told(hub, question("isrc:KZA012599999"))
    told(hub, question("society-code:177:K1"))
    with reading(hub.engine) as connection:
        desk = Desk(connection)
        priced = question(WORK, amount="100.00", currency="KZT")
        assert desk.encoded_anew([priced])[priced] == desk.answer(priced).encode()


def new_version(hub: Hub) -> None:
    send(hub, WORKS.replace("052,25,50,\n", "052,20,50,\n"))


def clash(hub: Hub) -> None:
    send(hub, f"{WORK_HEADER}X1,OTHER SONG,T9123456780,SOMEBODY ELSE,90000005882,CA,052,100,100,\n", "052")


def further_source(hub: Hub) -> None:
    send(hub, WORKS.replace("K1,", "P1,").replace("177,50,50", "177,40,50"), "052")


def mandate(hub: Hub) -> None:
    send(hub, f"{MANDATE_HEADER}M7,party,90000000109,,901,PR,*,2136,2026-01-01,,Y,declaration,,\n", "901")


def mandate_ended(hub: Hub) -> None:
    send(hub, MANDATES.replace("M1,party,90000000109,ӘЛІМОВ ЕРЛАН,177,PR|MR,*,2136,2010-01-01,", (
        "M1,party,90000000109,ӘЛІМОВ ЕРЛАН,177,PR|MR,*,2136,2010-01-01,2020-01-01"
    )))  # fmt: skip


def notice(hub: Hub) -> None:
    withdraw(hub, Notice("M1", "2026-01-01", "2026-01-01"), "177")


def public_domain(hub: Hub) -> None:
    decide(hub, Decision(WORK, "2026-01-01", "Author died in 1955", rights="PR|MR", territories="2136"))


def settled(hub: Hub) -> None:
    mandate(hub)
    refresh(hub)
    with reading(hub.engine) as connection:
        [found], _ = queue(connection, horizon(connection), ask(WORK, **TERMS).on, kind="mandate_overlap")
    prepare(hub)
    assert held(hub, WORK) == [WORK]
    act(hub, found.id, Step("settle", "contract of 2019", "sha256:ab", "901"), OPERATOR)


CHANGES: list[Callable[[Hub], None]] = [
    new_version, clash, further_source, mandate, mandate_ended, notice, public_domain, settled,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_void_what_hangs_on_it(hub: Hub, change: Callable[[Hub], None]) -> None:
    before = {subject: told(hub, question(subject)) for subject in (WORK, RECORDING)}
    with reading(hub.engine) as connection:
        then = horizon(connection)
    change(hub)
    for subject in (WORK, RECORDING):
        assert held(hub, subject) == []
        after = told(hub, question(subject))
        assert after.split(b'"lines"')[-1] != before[subject].split(b'"lines"')[-1]
        # As known before, the answer has the same bytes as ever.
        assert told(hub, question(subject), then) == before[subject]
    assert held(hub, *UNTOUCHED) == list(UNTOUCHED)
    done = prepare(hub)
    assert not done.everything
    assert 0 < done.names < 4
    for subject in (WORK, RECORDING, *UNTOUCHED):
        told(hub, question(subject))
        if subject in before:
            assert told(hub, question(subject), then) == before[subject]
    assert held(hub, *UNTOUCHED) == list(UNTOUCHED)


def test_what_a_person_says_of_a_recording_counts_at_once(hub: Hub) -> None:
    named = select(SUBJECT.c.public_id).where(SUBJECT.c.ref.in_(("R1", "K2")), SUBJECT.c.kind != "mandate")
    with reading(hub.engine) as connection:
        recording, work = connection.scalars(named.order_by(SUBJECT.c.kind))
    review.decide(hub, recording, work, "same", "a person said so", "operator")
    assert held(hub, RECORDING) == []
    assert b"linked_by_person" in told(hub, question(RECORDING))


def test_a_number_that_turns_out_to_be_the_partys_counts_at_once(hub: Hub) -> None:
    base = "I0000002297"
    send(hub, f"{MANDATE_HEADER}M9,party,{base},,901,PR,*,2136,2005-01-01,,Y,declaration,,\n", "901")
    prepare(hub)
    assert held(hub, WORK) == [WORK]
    # Another work's registration gives the writer's number and the base number.
    send(hub, one_writer("Z1", "90000003887", base))
    assert held(hub, WORK, *UNTOUCHED) == list(UNTOUCHED)
    assert b'"society":"901"' in told(hub, question(WORK))


def test_what_is_taken_back_counts_at_once(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path) as hub:
        send(hub, MWN["1.1"], "901")
        send(hub, OTHER)
        prepare(hub)
        assert held(hub, WORK) == [WORK]
        recall = MWN["recall"].replace("MWN-0", "MWN-1").replace("<MessageId>MWN-1", "<MessageId>MWN-2")
        assert send(hub, recall, "901").stored == 1
        assert held(hub, WORK, UNTOUCHED[0]) == [UNTOUCHED[0]]
        assert told(hub, question(WORK)).startswith(b"no work or recording is known")


def test_a_name_gets_its_dossier_when_what_it_waits_for_comes(database_url: str, tmp_path: Path) -> None:
    with fresh_hub(database_url, tmp_path) as hub:
        send(hub, RECORDINGS, "911")
        send(hub, MANDATES)
        assert prepare(hub).everything
        assert held(hub, RECORDING) == []
        send(hub, WORKS)
        done = prepare(hub)
        assert (done.everything, held(hub, RECORDING, WORK)) == (False, [RECORDING, WORK])
        told(hub, question(RECORDING))


def test_every_name_is_looked_at_once_lot_by_lot(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "LOT", 1)
    with fresh_hub(database_url, tmp_path) as hub:
        # The work names its recording, which a producer declares too, beside one that no work names.
        send(hub, MWN["shares"], "901")
        send(hub, RECORDINGS, "911")
        seen: list[tuple[int, int]] = []
        assert prepare(hub, progress=lambda *told: seen.append(told)).names == 3
        assert seen == [(1, 3), (2, 3), (3, 3)]
        with reading(hub.engine) as connection:
            found = set(connection.scalars(select(DOSSIER.c.name)))
    named = [
        f"{domain}:{subject}" for domain in ("work", "recording") for subject in (RECORDING, UNTOUCHED[1])
    ]
    assert found == {f"work:{WORK}", *named}


def test_the_end_of_what_is_particular_is_told_by_the_rules(hub: Hub) -> None:
    done = decide(hub, Decision(WORK, "2026-01-01", "Author died in 1955", rights="PR", territories="2136"))
    prepare(hub)
    assert held(hub, WORK, RECORDING) == []
    assert b"public_domain" in told(hub, question(WORK))
    take_back(hub, done["id"], "a mistake")
    assert b"public_domain" not in told(hub, question(WORK))


def learned(hub: Hub, subject: str) -> bool:
    """Whether an answer is filled in without anything being learned for it."""
    with reading(hub.engine) as connection:
        at = horizon(connection)
        dossiers = Dossiers(connection, standing(connection, at), at)
        [(asked, parts)] = dossiers.of([question(subject)]).items()
        return dossiers.filled(asked, parts) is not None


def test_what_was_learned_counts_until_the_registers_change(hub: Hub) -> None:
    told(hub, question(WORK))
    told(hub, question(UNTOUCHED[0]))
    with reading(hub.engine) as connection:
        then = horizon(connection)
    mandate(hub)
    # The answer says as known when it is, though it was learned before.
    assert learned(hub, UNTOUCHED[0])
    told(hub, question(UNTOUCHED[0]))
    send(hub, MANDATES.replace("R1,society,052,PRS,177", "R1,society,052,PRS,901"))
    assert not learned(hub, UNTOUCHED[0])
    told(hub, question(UNTOUCHED[0]))
    assert learned(hub, UNTOUCHED[0])
    told(hub, question(UNTOUCHED[0]), then)
    # Without an accreditation nobody may be paid, in the same shape as before.
    licensed = "code,name,country,kind,accreditations\n901,Altyn Dala (invented),KZ,cmo,KZ:PR:2020-01-01:\n"
    import_societies(hub, io.BytesIO(licensed.encode()))
    assert not learned(hub, UNTOUCHED[0])
    assert b'"held"' in told(hub, question(UNTOUCHED[0]))
    notice(hub)
    told(hub, question(UNTOUCHED[0]))


def test_after_much_everything_is_looked_at_again(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scopes, "MOST", 0)
    new_version(hub)
    # Nobody knows which dossiers hold, so none counts.
    assert held(hub, WORK, *UNTOUCHED) == []
    told(hub, question(UNTOUCHED[0]))
    assert prepare(hub).everything
    assert held(hub, WORK, *UNTOUCHED) == [WORK, *UNTOUCHED]


def test_a_pass_that_ends_later_takes_nothing_back(hub: Hub) -> None:
    """One that began before a change and writes after another pass leaves that one's dossiers as they are."""
    with reading(hub.engine) as connection:
        at = horizon(connection)
        old = list(preparing._rows(connection, [("iswc", "T9123456780")], at))
    new_version(hub)
    prepare(hub)
    after = told(hub, question(WORK))
    with writing(hub.engine) as connection:
        connection.execute(preparing.KEEP, old)
    assert held(hub, WORK) == [WORK]
    assert told(hub, question(WORK)) == after


def test_a_dossier_counts_only_from_when_it_was_made(hub: Hub) -> None:
    with reading(hub.engine) as connection:
        at = horizon(connection)
    with writing(hub.engine) as connection:
        connection.execute(update(DOSSIER).values(at=at + 1))
    assert held(hub, WORK, RECORDING) == []


def said_by_doctor(hub: Hub) -> str:
    return {check.name: check.detail for check in examine(hub)}["dossiers"]


def test_workers_keep_dossiers_up_once_there_are_some(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with fresh_hub(database_url, tmp_path) as hub:
        send(hub, WORKS)
        assert keep_up(hub, 0) is None
        assert "hub prepare" in said_by_doctor(hub)
        prepare(hub)
        assert keep_up(hub, 0) is None
        send(hub, OTHER)
        assert said_by_doctor(hub).endswith(" statements and links came since the last pass")
        assert keep_up(hub) is None
        job = keep_up(hub, 0)
        assert job is not None
        assert keep_up(hub, 0) == job
        Worker(hub, HANDLERS).work_once()
        with reading(hub.engine) as connection:
            done = job_queue.find(connection, job, OPERATOR)
            assert connection.scalars(select(JOB.c.kind)).all() == ["dossiers"]
        assert (done.state, done.result["names"]) == (job_queue.DONE, 1)
        assert held(hub, *UNTOUCHED[:1]) == [UNTOUCHED[0]]


def test_the_command_says_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database_url = f"sqlite:///{tmp_path / 'hub.db'}"
    with fresh_hub(database_url, tmp_path) as hub:
        send(hub, WORKS)
        monkeypatch.setenv("HUB_DATABASE_URL", database_url)
        monkeypatch.setenv("HUB_DATA_DIR", str(hub.settings.data_dir))
        said = CliRunner().invoke(app, ["prepare", "--json"])
        assert json.loads(said.stdout) == {"everything": True, "names": 1, "made": 1, "without": 0}
        said = CliRunner().invoke(app, ["prepare"])
        assert said.stdout.startswith("0 names looked at")
        said = CliRunner().invoke(app, ["prepare", "--anew"])
        assert said.stdout.startswith("1 names looked at, 1 dossiers made")
