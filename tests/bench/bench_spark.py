"""`hub match --full` by the local engine and by Spark on one made-up hub: the same links, at what cost.

Run it as a script where the extra `spark` is installed; ``--works N`` sets the size, ``--masters`` the Spark
addresses (``local[2]``, ``local-cluster[2,1,1024]`` ...). Bytes of shuffles are those of Spark's event log.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "support"))

from hubs import fresh_hub
from linked_hubs import linked, rows, sent_in
from sqlalchemy import func, select, update

from hub.bench.works_catalogue import made_up
from hub.context import Hub
from hub.db.engine import reading, writing
from hub.db.tables import CLUSTER_MEMBER, JUDGEMENT, MATCH_KEY
from hub.db.times import OPEN
from hub.links import linking, spark_run


def take_back(hub: Hub) -> None:
    """End everything that is linked."""
    with writing(hub.engine) as connection:
        for table in (JUDGEMENT, CLUSTER_MEMBER):
            connection.execute(update(table).where(table.c.known_to == OPEN).values(known_to=1))


def logged(folder: Path) -> Counter[str]:
    """Bytes written to shuffles and spilled to disk, and tasks, of all applications in the log."""
    found: Counter[str] = Counter()
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if '"SparkListenerTaskEnd"' in line:
                told = json.loads(line).get("Task Metrics") or {}
                found["tasks"] += 1
                found["shuffled"] += told.get("Shuffle Write Metrics", {}).get("Shuffle Bytes Written", 0)
                found["spilled"] += told.get("Disk Bytes Spilled", 0)
    return found


def main() -> None:
    """Print the table; exits with 1 if an engine linked otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--works", type=int, default=1_000)
    parser.add_argument("--masters", nargs="*", default=["local[2]", "local-cluster[2,1,1024]"])
    asked = parser.parse_args()
    agreed = True
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with fresh_hub(f"sqlite:///{folder / 'hub.db'}", folder) as hub:
            sent_in(hub, rows(made_up(asked.works, "middle", 1)))
            take_back(hub)
            begun = time.perf_counter()
            done = linking.link_everything(hub)
            print(f"{'local':26} {time.perf_counter() - begun:8.1f} s  {done.subjects} subjects", flush=True)
            expected = linked(hub)
            with reading(hub.engine) as connection:
                keys = connection.scalar(select(func.count()).select_from(MATCH_KEY))
            print(f"{keys} keys, {len(expected[0])} judgements, {len(expected[1])} clusters of several")
            log = folder / "log"
            log.mkdir()
            settings = {"enabled": "true", "compress": "false", "dir": f"file://{log}"}
            told = " ".join(f"--conf spark.eventLog.{name}={value}" for name, value in settings.items())
            # Read once, when the first session starts Java.
            os.environ["PYSPARK_SUBMIT_ARGS"] = f"{told} pyspark-shell"
            before: Counter[str] = Counter()
            for master in asked.masters:
                take_back(hub)
                begun = time.perf_counter()
                spark_run.link_everything(hub, master)
                seconds = time.perf_counter() - begun
                same = linked(hub) == expected
                agreed = agreed and same
                after = logged(log)
                cost = Counter({name: after[name] - before[name] for name in after})
                before = after
                print(
                    f"{master:26} {seconds:8.1f} s  {cost['tasks']} tasks, "
                    f"{cost['shuffled']:,} bytes shuffled, {cost['spilled']:,} spilled, "
                    f"the same links: {'yes' if same else 'NO'}",
                    flush=True,
                )
    sys.exit(not agreed)


if __name__ == "__main__":
    main()
