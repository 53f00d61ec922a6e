"""``docs/access.md``: which role may call which route, made from what the routes declare.

``python -m hub.api.access_table`` prints it; a test keeps the file equal to it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from hub.access.permissions import ROLES, SCOPES
from hub.api.security import Requires
from hub.web.rendering import Visiting

OPEN = "nobody need sign in"
SESSION = "any session"

INTRODUCTION = """# Who may do what

This page is made from the code: `python -m hub.api.access_table > docs/access.md`. A test compares the two,
and another one calls every route as every role.

A key or a user belongs to a **member** (a society, a service, an authority; `operator` for whoever runs the
hub), has one **role**, and some of the role's **scopes**: all of them if nothing else was said. Each route
names the scopes of which its caller must have one. That is the outer fence; what a member may do with which
mandate, withdrawal, conflict, submission or job is checked in the use case: nobody speaks for another
society, and what is another's own does not exist (404).

Attempts that are refused (401, 403) are logged and kept: `hub keys denied`, `GET /v1/audit/denials`. Equal
ones within a minute are one line with a count, kept for 400 days. What a society asked for is never part
of it.
"""

KEYS = """
## Keys

- `hub keys create --as 177` makes a key; `--role dsp|auditor|operator`, `--scopes read,usage`, `--days 90`
  narrow it. The secret is shown once; only its SHA-256 is kept.
- `hub keys rotate PREFIX` (or `POST /v1/keys/PREFIX/rotate`) makes a new key with the same rights; the old
  one goes on for 24 hours, or as `--overlap-hours` says.
- `hub keys revoke PREFIX` (or `DELETE /v1/keys/PREFIX`) ends it at once, with the sessions that were begun
  with it.
- `hub keys list` and `GET /v1/keys` show what keys may do, until when, and when they were last used (to the
  minute).
- Over HTTP a member makes keys of its own only, with at most the scopes of the key that makes them; it
  cannot replace a key that may do more. The operator sees and ends all keys, and makes them on the command
  line.
"""

PEOPLE = """
## People

- `hub user add NAME --as 177` adds a person; `--role` and `--scopes` as for keys. The password that it prints
  is shown once and must be changed at the first visit; `--password-stdin` sets one instead.
- `hub user password`, `role`, `disable`, `enable`, `sign-out` and `list` keep people. A new password, another
  role and an end close the person's sessions at once; on the page *Jobs and keys* people change their
  password and sign out in every browser.
- The same over HTTP for keys of the operator with the scope `users` (`/v1/users`): add, disable, enable, new
  password, sign out, list; the log keeps which key did it. Operators themselves are kept on the command line
  only, so that no key can make itself more than it is.
- Passwords have at least 12 characters, 5 of them different, and are kept as argon2id hashes with the second
  recommended setting of RFC 9106 (3 passes over 64 MiB in 4 lanes, a salt of 16 bytes); older ones are
  computed anew when their owner signs in.
- After 5 wrong passwords a name waits 5 seconds, then twice as long after each, 15 minutes at most; an
  address after 50. `hub user enable NAME` ends the wait. Failed attempts are refused attempts like others.
  Names that nobody has take as long and wait as long.
- `hub user link NAME SUBJECT` lets a person sign in through the OpenID Connect provider, where one is set
  ([how](operate.md#signing-in-through-a-provider)); `hub user unlink NAME` ends it.
- A session lasts 12 hours. Its cookie is new at each signing in, `HttpOnly`, `SameSite=Strict` and, over
  HTTPS, `Secure`; of it, as of keys, only the SHA-256 is kept. Each form carries a token of its session.
- The log names people by an id (`user-12`), which `hub user list` resolves.
"""


@dataclass(frozen=True, slots=True)
class Fence:
    """One operation of the application and the scopes of which one is demanded.

    ``kind`` is ``open``, ``session`` (of pages, with the scopes on top) or ``key``.
    """

    method: str
    path: str
    kind: str
    scopes: tuple[str, ...]
    page: bool

    def lets(self, role: str) -> bool:
        """Whether a caller with all scopes of the role passes."""
        return self.kind == "open" or not self.scopes or bool(set(self.scopes) & set(ROLES[role].scopes))


def fences(app: FastAPI) -> Iterator[Fence]:
    """Every operation of the application, by its declarations."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            found = list(_guards(route.dependant))
            kind = "open" if not found else "key" if isinstance(found[0], Requires) else "session"
            scopes = found[0].scopes if found else ()
            for method in sorted(route.methods or ()):
                page = not route.include_in_schema and kind != "key"
                yield Fence(method, context.path or route.path, kind, scopes, page)


def _guards(dependant: Dependant) -> Iterator[Requires | Visiting]:
    for part in dependant.dependencies:
        if isinstance(part.call, Requires | Visiting):
            yield part.call
        yield from _guards(part)


def rendered(app: FastAPI) -> str:
    """The document."""
    lines = [INTRODUCTION, "## Roles\n", "| role | what it is | scopes |", "|---|---|---|"]
    lines += [f"| {role.name} | {role.text} | {' '.join(role.scopes)} |" for role in ROLES.values()]
    lines += ["\n| scope | lets its holder |", "|---|---|"]
    lines += [f"| {name} | {text} |" for name, text in SCOPES.items()]
    found = sorted(fences(app), key=lambda item: (item.path, item.method))
    for title, page in (("Routes", False), ("Pages", True)):
        lines += [
            f"\n## {title}\n",
            f"| call | needs | {' | '.join(ROLES)} |",
            "|---|---|" + "---|" * len(ROLES),
        ]
        lines += [_row(item) for item in found if item.page is page]
    return "\n".join(lines) + "\n" + KEYS + PEOPLE


def _row(fence: Fence) -> str:
    needs = " or ".join(fence.scopes) or (SESSION if fence.kind == "session" else OPEN)
    cells = " | ".join("yes" if fence.lets(role) else "" for role in ROLES)
    return f"| `{fence.method} {fence.path}` | {needs} | {cells} |"


if __name__ == "__main__":
    from hub.api.app import create_app
    from hub.context import open_hub
    from hub.settings import Settings

    # What routes declare needs no database: this one is empty and gone at the end.
    nowhere = open_hub(Settings("sqlite://", Path()), prepared=False)
    sys.stdout.write(rendered(create_app(nowhere)))
