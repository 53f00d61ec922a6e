import json

import pytest
from typer.testing import CliRunner

from hub.cli.app import app
from hub.errors import UsageError
from hub.links.labelled_pairs import evaluate

FIELDS = ("title", "artist", "duration", "writers", "iswc")
HEADER = ",".join(["label", "kind", *(f"{side}_{field}" for field in FIELDS for side in ("left", "right"))])
ROWS = """same,recording,Жазғы кеш,Jazğy keş,Роза Бағланова,Baglanova Roza,215,215,,,,
different,,Жазғы кеш,Жазғы кеш (live),Роза Бағланова,Роза Бағланова,215,215,,,,
1,work,Жазғы кеш,Jazgy Kesh,,,,,Құнанбайұлы Абай,Abai Kunanbayev,,
no,work,Жазғы кеш,Қоштасу,,,,,Абай,Дана,,
same,recording,Ән,Күй,Дана,Роза,100,300,,,,"""


@pytest.fixture
def pairs(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text(f"{HEADER}\n{ROWS}\n", encoding="utf-8")
    return path


def run(*options):
    return CliRunner().invoke(app, ["match", "evaluate", *map(str, options)])


def test_pairs_of_both_kinds_are_judged_and_counted(pairs):
    done = run(pairs, "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["counts"] == {"read": 5, "judged": 5, "rejected": 0}
    assert found["verdicts"]["positive"] == {"same": 2, "different": 0}
    assert sum(sum(counts.values()) for counts in found["verdicts"].values()) == 5
    assert found["positive"]["precision"] == 1
    assert found["positive"]["recall"] == pytest.approx(2 / 3, abs=1e-6)
    assert sum(band["pairs"] for band in found["calibration"]) == 5
    assert [item["line"] for item in found["mistakes"]] == [6]


def test_a_table_is_printed_for_people(pairs):
    done = run(pairs)
    assert done.exit_code == 0
    assert "Share same" in done.stdout
    assert "Ән / Күй" in done.stdout


def test_what_cannot_be_judged_is_located_and_left_out(tmp_path):
    path = tmp_path / "pairs.csv"
    rows = ["perhaps,,Ән,Ән", "same,song,Ән,Ән", "same,,Ән,", "same,,Ән,Ән"]
    path.write_text(
        "label,kind,left_title,right_title,left_year\n" + "\n".join(f"{row},199O" for row in rows)
    )
    found = evaluate(path)
    assert [(item.code, item.position) for item in found.findings] == [
        ("pairs.no_label", "line:2"),
        ("pairs.no_kind", "line:3"),
        ("pairs.empty_side", "line:4"),
        ("pairs.no_number", "line:5"),
    ]
    assert found.as_json()["counts"] == {"read": 4, "judged": 1, "rejected": 3}
    done = run(path, "--json", "--language", "kk")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["counts"]["rejected"] == 3


@pytest.mark.parametrize("content", ["label,left_title\nsame,Ән\n", "left_title,right_title\nÄ,B\n", ""])
def test_a_file_without_the_columns_is_refused(tmp_path, content):
    path = tmp_path / "pairs.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UsageError):
        evaluate(path)
    with pytest.raises(UsageError):
        evaluate(tmp_path / "none.csv")


def test_parties_are_judged_by_their_table_and_what_is_not_read_is_told(tmp_path):
    path = tmp_path / "pairs.csv"
    path.write_text(
        "label,kind,left_name,right_name,left_ipi_name,right_ipi_name,left_isrc,right_isrc,left_titel\n"
        "same,party,Абай Құнанбайұлы,Abai Kunanbayev,,,,,\n"
        "same,party,Абай Құнанбайұлы,A Pseudonym,00000000109,109,,,\n"
        "different,party,Роза Бағланова,Роза Рымбаева,,,,,\n"
        "same,,,,,,KZ-A01-25-00001,not a code,\n",
        encoding="utf-8",
    )
    found = evaluate(path)
    assert [(item.code, item.position) for item in found.findings] == [
        ("pairs.no_column", "line:1"),
        ("pairs.no_code", "line:5"),
    ]
    told = found.as_json()
    assert told["verdicts"]["positive"] == {"same": 2, "different": 0}
    assert told["verdicts"]["none"] == {"same": 1, "different": 1}
    done = run(path, "--language", "ru")
    assert done.exit_code == 0
    assert "left_titel" in done.output
