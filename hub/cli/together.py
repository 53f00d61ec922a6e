"""``hub match together`` looks at all recordings at once, here or in a hub elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from typing import Annotated, Any

import typer

from hub.cli.options import AsJson, Database, opened
from hub.cli.output import print_json, print_table, stderr, stdout
from hub.cli.remote import Remote, acting_there, finished
from hub.errors import UsageError
from hub.links import together
from hub.links.together_kept import Looked
from hub.registers import OPERATOR

_WRITTEN = {
    "numbered": "the place on the release in front of titles",
    "repeats_release": "the release in brackets behind titles",
    "dated_release": "a year in brackets behind releases",
}


def together_command(
    link: Annotated[
        bool, typer.Option("--link", help="Join pairs of 95 % and more; otherwise people are asked.")
    ] = False,
    distinct: Annotated[
        bool, typer.Option("--distinct", help="Every submitter has declared that it repeats no recording.")
    ] = False,
    back: Annotated[bool, typer.Option("--back", help="Take back all that was found together.")] = False,
    reason: Annotated[str, typer.Option(help="Why it is taken back; kept in the log.")] = "",
    author: Annotated[
        str, typer.Option("--by", help="Who takes it back (default: operator, with --remote the key's).")
    ] = "",
    remote: Remote = "",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Look at all recordings together, and ask people about what linking one by one has missed."""
    if back and (link or distinct):
        raise UsageError("taking back what was found goes with neither link nor distinct")
    if remote:
        client = acting_there(remote, db, author, needed=False)
        asked = client.look_together(link=link, distinct=distinct, back=back, reason=reason)
        found = finished(client, str(asked["job"]))
        # A job's result comes in the order of the alphabet.
        done = {item.name: found[item.name] for item in fields(Looked)}
    elif back:
        done = together.give_back(opened(db), author or OPERATOR, reason).as_json()
    else:
        say = partial(stderr().print, markup=False, highlight=False)
        done = together.look(opened(db), link=link, distinct=distinct, tell=say).as_json()
    if json:
        print_json(done)
        return
    counts = [(name, str(value)) for name, value in done.items() if name != "packed"]
    print_table("Together", ("What", "Count"), counts, right=(1,))
    for source, packing in done["packed"].items():
        stdout().print(f"{source} writes several things into one column: {_told(packing)}", markup=False)


def _told(packing: Mapping[str, Any]) -> str:
    """What a submitter writes where, in words."""
    told = [text for name, text in _WRITTEN.items() if packing[name]]
    told += [f"the {packing['leading']} in front of titles"] * bool(packing["leading"])
    told += [f"the {packing['trailing']} behind titles"] * bool(packing["trailing"])
    return ", ".join(told)
