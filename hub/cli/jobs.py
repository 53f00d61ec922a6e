"""``hub worker`` and ``hub jobs``: who does the work that outlives a call, and how it stands."""

from __future__ import annotations

import signal
import threading
from itertools import islice
from typing import Annotated, Any

import typer

from hub import tracing
from hub.cli.options import AsJson, Database, opened
from hub.cli.output import print_json, print_table, stderr
from hub.cli.remote import Remote, client_of, speaking_as, terms
from hub.db.engine import reading
from hub.errors import UsageError
from hub.jobs import queue
from hub.jobs.handlers import HANDLERS, begin_day, pick_up
from hub.jobs.worker import Worker
from hub.webhooks.courier import Courier, deliver_due
from schemas.societies import normalise_code

jobs = typer.Typer(no_args_is_help=True, help="Jobs: submissions and usage reports sent over HTTP.")
SHOWN = ("job", "kind", "society", "state", "attempts", "created", "finished", "error")


def worker_command(
    threads: Annotated[int, typer.Option(min=1, max=32, help="Jobs done at once.")] = 1,
    until_idle: Annotated[bool, typer.Option("--until-idle", help="End when no job is left.")] = False,
    db: Database = None,
) -> None:
    """Do jobs until stopped (Ctrl-C, SIGTERM): the job at hand is queued again and goes on where it was."""
    hub = opened(db)
    tracing.begin()
    courier = Courier(hub)
    # One of them does what is done once; the others only work.
    workers = [Worker(hub, HANDLERS, first=pick_up, daily=begin_day)]
    workers += [Worker(hub, HANDLERS) for _ in range(threads - 1)]

    def stop(_number: int, _frame: Any) -> None:
        for worker in workers:
            worker.ask_to_stop()
        courier.ask_to_stop()

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
    stderr().print(f"{threads} at work; stop with Ctrl-C")
    if until_idle:
        pick_up(hub)
        begin_day(hub)
        while workers[0].work_once():
            pass
        while deliver_due(hub):
            pass
        tracing.end()
        return
    runs = [threading.Thread(target=worker.run) for worker in workers]
    for run in runs:
        run.start()
    courier.start()
    for run in runs:
        run.join()
    courier.stop()
    tracing.end()


@jobs.command("list")
def jobs_list(
    state: Annotated[str, typer.Option(help=f"One of {', '.join(queue.STATES)}; all by default.")] = "",
    society: Annotated[str, typer.Option(help="Jobs of one society.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 100,
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """List jobs, the newest first; of a hub elsewhere one's own."""
    if state and state not in queue.STATES:
        raise UsageError(f"states are {', '.join(queue.STATES)}; not {state!r}")
    if remote:
        client = client_of(remote, db)
        own = speaking_as(client, society) if society else client.me()["society"]
        listed = [{**item, "society": own} for item in islice(client.jobs(**terms(state=state)), limit)]
    else:
        states = (state,) if state else queue.STATES
        owner = normalise_code(society) if society else None
        with reading(opened(db).engine) as connection:
            found = queue.listing(connection, owner, states=states, limit=limit)
        listed = [{**item.as_json(), "society": item.society} for item in found]
    if json:
        print_json(listed)
    else:
        rows = [[str(item[name]) for name in SHOWN] for item in listed]
        print_table("Jobs", [name.capitalize() for name in SHOWN], rows)
