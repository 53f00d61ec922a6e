"""kill -9 in the middle of matching the demo, then the same again: the same judgements and clusters."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from linked_hubs import linked
from sqlalchemy import delete, func, select, update

from hub.context import open_hub
from hub.db.engine import reading, writing
from hub.db.tables import CLUSTER_MEMBER, DECLARATION, JUDGEMENT, MATCH_KEY
from hub.db.times import OPEN
from hub.demo.story import load_feeds
from hub.links.linking import link_everything
from hub.settings import Settings

# What `hub match --full` does, in pages of two subjects, each told when the one before is stored: the whole
# demo is one page otherwise, and nothing would be in the middle.
CHILD = """
import sys, pathlib
from hub.context import open_hub
from hub.links import pages
from hub.links.linking import link_everything
from hub.settings import Settings
pages.PAGE = 2
of_everything = pages.of_everything
def told(hub):
    for page in of_everything(hub):
        print("page", flush=True)
        yield page
pages.of_everything = told
link_everything(open_hub(Settings(sys.argv[1], pathlib.Path(sys.argv[2]))))
"""
PAGES = 12
"""Pages of the demo, gone through twice: once for keys, once for judgements."""


@pytest.mark.parametrize("stop_after", [2, PAGES + 4, PAGES + 9])
def test_a_killed_run_over_the_demo_is_finished_by_the_next(tmp_path: Path, stop_after: int) -> None:
    url = f"sqlite:///{tmp_path / 'hub.db'}"
    hub = open_hub(Settings(url, tmp_path))
    try:
        load_feeds(hub, lambda _: None)
        expected = linked(hub)
        with writing(hub.engine) as connection:
            for table in (JUDGEMENT, CLUSTER_MEMBER):
                connection.execute(update(table).where(table.c.known_to == OPEN).values(known_to=1))
            connection.execute(delete(MATCH_KEY))
        argv = [sys.executable, "-c", CHILD, url, str(tmp_path)]
        with reading(hub.engine) as connection:
            subjects = connection.scalar(select(func.count(func.distinct(DECLARATION.c.subject_id))).where(
                DECLARATION.c.kind.in_(("work", "recording"))
            ))  # fmt: skip
        assert subjects == PAGES * 2
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for _ in range(stop_after):
                assert child.stdout.readline() == "page\n"
            os.kill(child.pid, signal.SIGKILL)
        assert child.returncode == -signal.SIGKILL
        link_everything(hub)
        assert linked(hub) == expected
        with reading(hub.engine) as connection:
            assert connection.scalar(select(func.count()).select_from(MATCH_KEY))
    finally:
        hub.engine.dispose()
    assert len(expected[0]) > 3
    assert expected[1]
