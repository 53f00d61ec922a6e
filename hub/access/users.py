"""People: a name, a password, and the member, role and scopes that they act with at the pages.

The operator keeps them on the command line or over HTTP; a person changes the own password and nothing
else. Whatever narrows what somebody may do (a new password, another role, an end) ends that person's
sessions.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from hub import registers
from hub.access import guessing, passwords
from hub.access.permissions import OPERATOR, SOCIETY, granted
from hub.audit.log import record
from hub.context import Hub
from hub.db import times
from hub.db.counters import take, tick
from hub.db.engine import reading, writing
from hub.db.tables import USER_ACCOUNT, WEB_SESSION
from hub.errors import NotAuthenticated, NotFound, UsageError

NAME = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")


def folded(name: str) -> str:
    """A name as it is kept and compared: names differ by more than their case."""
    return name.strip().casefold()


def add(
    hub: Hub,
    name: str,
    society: str,
    *,
    role: str = SOCIETY,
    scopes: Sequence[str] = (),
    password: str = "",
    by_key: str = "",
) -> dict[str, Any]:
    """Add a person to a member; without a password one is made up, which must be changed at the first visit.

    ``by_key`` is the operator's key with which this was done over HTTP, here and below; the log keeps it.

    Raises:
        UsageError: a name that is taken or not one, an unknown role or scope, a weak password.
        NotFound: no such society.
    """
    chosen = folded(name)
    if not NAME.fullmatch(chosen):
        raise UsageError(
            f"{name!r} cannot be a user's name: 2 to 100 of a-z, 0-9 and . _ @ + -, a letter or digit first"
        )
    wanted = granted(role, scopes)
    owner = registers.OPERATOR if role == OPERATOR else registers.require(hub, society)
    given, stored = _password(chosen, password)
    now = time.time_ns() // 1000
    with writing(hub.engine) as connection:
        number = take(connection, "user_account", 1)
        if connection.scalar(select(USER_ACCOUNT.c.id).where(USER_ACCOUNT.c.name == chosen)) is not None:
            raise UsageError(f"there is a user {chosen!r} already; `hub user list` shows all")
        public_id = f"user-{number}"
        connection.execute(
            insert(USER_ACCOUNT).values(
                id=number, public_id=public_id, name=chosen, society=owner, role=role, password=stored,
                scopes=" ".join(wanted), must_change=int(not password), created_at=now, changed_at=now,
                disabled_at=0, last_used_at=0,
            )
        )  # fmt: skip
        body = {"society": owner, "role": role, "scopes": wanted, **_with(by_key)}
        record(connection, tick(connection), "user_added", registers.OPERATOR, public_id, body)
    made = {"user": chosen, "id": public_id, "society": owner, "role": role, "scopes": wanted}
    return made if password else {**made, "password": given}


def listing(hub: Hub, society: str = "") -> list[dict[str, Any]]:
    """People without their passwords, by name: everybody's, or those of one member."""
    query = select(USER_ACCOUNT).order_by(USER_ACCOUNT.c.name)
    if society:
        query = query.where(USER_ACCOUNT.c.society == society)
    with reading(hub.engine) as connection:
        return [_shown(row) for row in connection.execute(query)]


def shown(hub: Hub, name: str) -> dict[str, Any]:
    """One person as ``listing`` shows it.

    Raises:
        NotFound: there is no such user.
    """
    with reading(hub.engine) as connection:
        return _shown(find(connection, name))


def _shown(row: Any) -> dict[str, Any]:
    return {
        "user": row.name, "id": row.public_id, "society": row.society, "role": row.role,
        "scopes": row.scopes.split(), "must_change": bool(row.must_change),
        "created": times.text(row.created_at), "password_changed": times.text(row.changed_at),
        "disabled": times.text(row.disabled_at) if row.disabled_at else "",
        "last_used": times.text(row.last_used_at) if row.last_used_at else "",
    }  # fmt: skip


def disable(hub: Hub, name: str, *, by_key: str = "") -> None:
    """Let a person in no more; what is open ends at once.

    Raises:
        NotFound: there is no such user, or it is disabled already.
    """
    with writing(hub.engine) as connection:
        row = find(connection, name)
        if row.disabled_at:
            raise NotFound(f"user {row.name!r} is disabled already; `hub user enable` undoes that")
        values = {"disabled_at": time.time_ns() // 1000}
        _change(connection, row, "user_disabled", values, told=_with(by_key))
        end_sessions(connection, row.id)


def enable(hub: Hub, name: str, *, by_key: str = "") -> None:
    """Let a person in again: one that was disabled, or that has to wait after too many wrong passwords.

    Raises:
        NotFound: there is no such user.
    """
    with writing(hub.engine) as connection:
        row = find(connection, name)
        if row.disabled_at:
            _change(connection, row, "user_enabled", {"disabled_at": 0}, told=_with(by_key))
    guessing.forgive(hub, row.name)


def set_password(hub: Hub, name: str, password: str = "", *, by_key: str = "") -> dict[str, Any]:
    """Give a person another password; without one it is made up and must be changed at the first visit.

    Raises:
        NotFound: there is no such user.
        UsageError: a weak password.
    """
    chosen = folded(name)
    given, stored = _password(chosen, password)
    with writing(hub.engine) as connection:
        row = find(connection, chosen)
        now = time.time_ns() // 1000
        values = {"password": stored, "must_change": int(not password), "changed_at": now}
        _change(connection, row, "user_password_reset", values, told=_with(by_key))
        end_sessions(connection, row.id)
    guessing.forgive(hub, chosen)
    return {"user": chosen} if password else {"user": chosen, "password": given}


def change_own_password(hub: Hub, user: str, current: str, new: str) -> None:
    """Change one's own password, knowing the current one; every session of the person ends.

    Raises:
        NotAuthenticated: the current password is another one.
        UsageError: the new one is weak, or the old one again.
    """
    with reading(hub.engine) as connection:
        row = find(connection, user)
    if not passwords.matches(row.password, current):
        raise NotAuthenticated("the current password is another one")
    if passwords.matches(row.password, new):
        raise UsageError("the new password is the old one")
    _, stored = _password(row.name, new)
    with writing(hub.engine) as connection:
        values = {"password": stored, "must_change": 0, "changed_at": time.time_ns() // 1000}
        _change(connection, row, "user_password_changed", values, by=row.society)
        end_sessions(connection, row.id)


def change_role(hub: Hub, name: str, role: str, scopes: Sequence[str] = ()) -> dict[str, Any]:
    """Give a person another role or other scopes.

    Raises:
        NotFound: there is no such user.
        UsageError: an unknown role or scope, or the operator's for somebody of a society (and the reverse).
    """
    wanted = granted(role, scopes)
    with writing(hub.engine) as connection:
        row = find(connection, name)
        if (role == OPERATOR) is not (row.society == registers.OPERATOR):
            raise UsageError(
                f"user {row.name!r} belongs to {row.society}; add another user for the role {role}"
            )
        values = {"role": role, "scopes": " ".join(wanted)}
        _change(connection, row, "user_role_changed", values, told={"role": role, "scopes": wanted})
        end_sessions(connection, row.id)
    return {"user": row.name, "society": row.society, "role": role, "scopes": wanted}


def end_sessions(connection: Connection, user: int) -> int:
    """End every session of a person; returns how many there were."""
    open_ones = (WEB_SESSION.c.user_id == user, WEB_SESSION.c.ended_at == 0)
    ended = update(WEB_SESSION).where(*open_ones).values(ended_at=time.time_ns() // 1000)
    return connection.execute(ended).rowcount


def sign_out_everywhere(hub: Hub, name: str, *, by_key: str = "") -> int:
    """The operator ends a person's sessions; returns how many there were.

    Raises:
        NotFound: there is no such user.
    """
    with writing(hub.engine) as connection:
        row = find(connection, name)
        told = _with(by_key)
        record(connection, tick(connection), "signed_out_everywhere", registers.OPERATOR, row.public_id, told)
        return end_sessions(connection, row.id)


def find(connection: Connection, name: str) -> Any:
    """The row of a user.

    Raises:
        NotFound: there is none of this name.
    """
    row = connection.execute(select(USER_ACCOUNT).where(USER_ACCOUNT.c.name == folded(name))).first()
    if row is None:
        raise NotFound(f"there is no user {folded(name)!r}; `hub user list` shows all")
    return row


def _change(
    connection: Connection,
    row: Any,
    kind: str,
    values: Mapping[str, Any],
    *,
    by: str = registers.OPERATOR,
    told: Mapping[str, Any] | None = None,
) -> None:
    connection.execute(update(USER_ACCOUNT).where(USER_ACCOUNT.c.id == row.id).values(**values))
    record(connection, tick(connection), kind, by, row.public_id, told or {})


def _with(key: str) -> dict[str, str]:
    return {"key": key} if key else {}


def _password(name: str, password: str) -> tuple[str, str]:
    """A password, made up if none is given, and what is kept of it."""
    given = password or "-".join(secrets.token_hex(3) for _ in range(4))
    wrong = passwords.fault(given, name)
    if wrong:
        raise UsageError(passwords.FAULTS[wrong])
    return given, passwords.kept(given)
