"""Play the shipped story: load the feeds step by step, then ask its questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from hub import registers
from hub.answers.batch import who_to_pay
from hub.answers.question import ask
from hub.context import Hub
from hub.intake.submissions import ingest
from hub.mandates.withdrawals import Notice, withdraw

Told = Callable[[str], None]
"""Receives one sentence per step."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the story with its answer; ``expected`` are its totals computed by hand."""

    title: dict[str, str]
    answer: dict[str, Any]
    expected: dict[str, str]


def story() -> dict[str, Any]:
    """The steps and questions as shipped."""
    return json.loads(files("hub.demo").joinpath("feeds", "story.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def load_feeds(hub: Hub, tell: Told) -> None:
    """Do every step that loads something; doing it again changes nothing."""
    with as_file(files("hub.demo").joinpath("feeds")) as folder:
        for step in story()["steps"]:
            _do(hub, step, folder, tell)


def _do(hub: Hub, step: dict[str, Any], folder: Path, tell: Told) -> None:
    if "societies" in step:
        with (folder / step["societies"]).open("rb") as stream:
            done = registers.import_societies(hub, stream)
        tell(f"{step['societies']}: {done.stored} societies stored, {done.unchanged} unchanged")
    elif "withdraw" in step:
        filed = withdraw(hub, Notice(**step["withdraw"]), step["as"])
        tell(
            f"withdrawal of {step['withdraw']['mandate']} by {step['as']}, "
            f"effective {filed['effective']}: {filed['status']}"
        )
    else:
        name = step.get("ingest") or step["mandates"]
        only = "mandates-csv" if "mandates" in step else ""
        with (folder / name).open("rb") as stream:
            found = ingest(hub, stream, step["as"], filename=name, only=only)
        tell(
            f"{name} from society {step['as']}: {found.status}, {found.read} read, {found.stored} stored, "
            f"{found.rejected} rejected, {found.unchanged} unchanged"
        )


def answers(hub: Hub) -> Iterator[Asked]:
    """Ask the story's questions in order."""
    for item in story()["questions"]:
        question = ask(
            item["subject"], right=item["right"], use=item["use"], territory=item["territory"], on=item["on"],
            amount=item.get("amount"), currency=item.get("currency"),
            policy=hub.settings.share_policy,
        )  # fmt: skip
        yield Asked(item["title"], who_to_pay(hub, question).as_json(), item["expect"]["totals"])
