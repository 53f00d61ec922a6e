"""Roles and scopes: the one table of who may do what.

A key or a user has one role and some of the role's scopes. A route names the scopes of which a caller must
have one; ``docs/access.md`` is made from both tables by ``hub.api.access_table``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.errors import NotAllowed, UsageError

SOCIETY, DSP, AUDITOR, OPERATOR = "society", "dsp", "auditor", "operator"

SCOPES: Mapping[str, str] = {
    "read": "ask questions, read the catalogue, the mandate register and conflicts, and what is one's own",
    "submit": "send files and follow them",
    "usage": "have usage reports answered",
    "mandates": "file and act on withdrawals, take part in conflicts",
    "review": "judge matches of one's own repertoire",
    "keys": "make, rotate and revoke keys of one's own",
    "webhooks": "have notices sent to an address of one's own",
    "audit": "read every entry of the log and every refused attempt",
    "operate": "see and end keys of everybody, settle conflicts, adopt what the matcher learned",
    "users": "add people of societies, services and authorities, end them, and give them new passwords",
}
"""Each scope with what it lets its holder do."""


@dataclass(frozen=True, slots=True)
class Role:
    """What a kind of member is for; ``scopes`` are the most that its keys and users may have.

    ``kind`` is what the register of societies calls a member that is added with this role.
    """

    name: str
    scopes: tuple[str, ...]
    kind: str
    text: str


ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        Role(
            SOCIETY,
            ("read", "submit", "usage", "mandates", "review", "keys", "webhooks"),
            "cmo",
            "a society or licensing company: speaks for itself only",
        ),
        Role(DSP, ("read", "usage", "keys", "webhooks"), "dsp", "a service that must know whom to pay"),
        Role(
            AUDITOR,
            ("read", "audit", "webhooks"),
            "regulator",
            "a regulator or auditor: sees all of the log, changes nothing",
        ),
        Role(
            OPERATOR,
            ("read", "audit", "operate", "users"),
            "",
            "whoever runs the hub: keys, people, the log and decisions, no statements",
        ),
    )
}
"""Roles by name. Nobody but a society makes statements; the operator's decisions are made on the command
line, those about conflicts on the pages and over HTTP too."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the member behind a key or a session, its role, and the scopes it has here.

    ``society`` is the code of a society, service or authority in the register, or ``operator``; ``key``
    names the key or the user.
    """

    society: str
    scopes: frozenset[str]
    key: str
    role: str = SOCIETY

    def need(self, *scopes: str) -> None:
        """Refuse a call for which none of the scopes was given.

        Raises:
            NotAllowed: all of them are missing.
        """
        if not self.scopes.intersection(scopes):
            wanted = " or ".join(map(repr, scopes))
            raise NotAllowed(
                f"this needs the scope {wanted}; this {self.role}'s key has "
                f"{', '.join(sorted(self.scopes)) or 'none'}"
            )

    @property
    def viewer(self) -> str | None:
        """As whom the log is read: None, which sees all of it, with the scope ``audit``."""
        return None if "audit" in self.scopes else self.society


def granted(role: str, scopes: Sequence[str]) -> list[str]:
    """The scopes that a key or user of a role gets, sorted; all of the role's for an empty list.

    Raises:
        UsageError: no such role, or a scope that the role cannot have.
    """
    if role not in ROLES:
        raise UsageError(f"roles are {', '.join(ROLES)}; not {role!r}")
    possible = ROLES[role].scopes
    refused = sorted(set(scopes) - set(possible))
    if refused:
        raise UsageError(f"scopes of the role {role} are {', '.join(possible)}; not {', '.join(refused)}")
    return sorted(set(scopes or possible))
