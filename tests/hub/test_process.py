"""What a process of the hub does before it works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hub.process import AVX_512, WITHOUT, spare_slow_sorts

FLAGS = "fpu sse2 avx2 avx512f avx512dq"


def processors(folder, vendor="AuthenticAMD", family="25", flags=FLAGS):
    """A file as Linux tells its processors, two of them."""
    path = folder / "cpuinfo"
    told = f"vendor_id\t: {vendor}\ncpu family\t: {family}\npower management:\nflags\t\t: {flags}\n\n"
    path.write_text(f"processor\t: 0\n{told}processor\t: 1\n{told}", encoding="ascii")
    return path


@pytest.fixture(autouse=True)
def before_numpy(monkeypatch):
    """As at the beginning of a process, where nothing is imported yet and nobody has said anything."""
    monkeypatch.delitem(sys.modules, "numpy", raising=False)
    # Set and then deleted, so that whatever a test leaves is taken back.
    monkeypatch.setenv(WITHOUT, "")
    monkeypatch.delenv(WITHOUT)


def test_sorts_that_are_slow_on_a_processor_are_left_out_there(tmp_path):
    spare_slow_sorts(processors(tmp_path))
    assert os.environ[WITHOUT] == AVX_512


@pytest.mark.parametrize(
    "other", [{"vendor": "GenuineIntel"}, {"family": "26"}, {"flags": "fpu sse2 avx2"}, {"flags": ""}]
)
def test_other_processors_keep_all_they_have(tmp_path, other):
    spare_slow_sorts(processors(tmp_path, **other))
    assert WITHOUT not in os.environ


def test_whoever_chose_is_obeyed(tmp_path, monkeypatch):
    monkeypatch.setenv(WITHOUT, "AVX512_SPR")
    spare_slow_sorts(processors(tmp_path))
    assert os.environ[WITHOUT] == "AVX512_SPR"


def test_nothing_is_set_too_late(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", sys)
    spare_slow_sorts(processors(tmp_path))
    assert WITHOUT not in os.environ


@pytest.mark.parametrize("path", ["nowhere", "empty"])
def test_where_processors_are_not_told_all_stays(tmp_path, path):
    (tmp_path / "empty").write_bytes(b"")
    spare_slow_sorts(tmp_path / path)
    assert WITHOUT not in os.environ


@pytest.mark.skipif(not Path("/proc/cpuinfo").exists(), reason="processors are told by Linux")
def test_the_command_line_decides_before_numpy_is_there(tmp_path):
    code = (
        "import sys, hub.cli, hub.cli.app as app\n"
        "app.spare_slow_sorts = lambda: print('numpy' in sys.modules)\n"
        "sys.argv = ['hub', '--version']\n"
        "hub.cli.main()\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.splitlines()[0] == "False"


def test_numpy_knows_the_names_that_are_left_out():
    code = "import numpy; print(numpy.arange(3).sum())"
    told = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, WITHOUT: AVX_512},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "3"
