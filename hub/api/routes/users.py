"""``/users``: people who sign in at the pages, kept by the operator; operators are kept by command."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from hub import registers
from hub.access import users
from hub.access.permissions import OPERATOR, SOCIETY
from hub.api.listings import Formed, exportable
from hub.api.problems import responses
from hub.api.security import OpenHub, UserKeeper
from hub.context import Hub
from hub.errors import NotAllowed
from schemas.societies import normalise_code

router = APIRouter(prefix="/users", tags=["access"])
Name = Annotated[str, Path(max_length=100, examples=["aigul"])]


class UserIn(BaseModel):
    """A person to be added to a member of the register; without scopes all that the role has."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"user": "aigul", "society": "177", "scopes": ["read"]}}
    )
    user: str = Field(max_length=100, description="The name to sign in with.")
    society: str = Field(max_length=60)
    role: str = Field(SOCIETY, max_length=20, examples=["society", "dsp", "auditor"])
    scopes: list[str] = Field([], max_length=20)


class UserOut(BaseModel):
    """A person; ``id`` is what the log says, instants are empty where nothing happened yet."""

    user: str = Field(examples=["aigul"])
    id: str = Field(examples=["user-12"])
    society: str
    role: str
    scopes: list[str]
    must_change: bool
    created: str
    password_changed: str
    disabled: str
    last_used: str


class UserMadeOut(BaseModel):
    """A new person; ``password`` is never shown again and must be changed at the first visit."""

    user: str
    id: str
    society: str
    role: str
    scopes: list[str]
    password: str


class PasswordOut(BaseModel):
    """A password that was made up, never shown again, to be changed at the next visit."""

    user: str
    password: str


class SessionsOut(BaseModel):
    """How many sessions of a person were ended."""

    user: str
    sessions: int


@router.get("", response_model=list[UserOut], responses=exportable(), summary="People who sign in")
def list_users(
    hub: OpenHub,
    _caller: UserKeeper,
    forms: Formed,
    society: Annotated[str, Query(max_length=60, description="People of one member.")] = "",
) -> Any:
    """By name, without their passwords."""
    return forms.of(UserOut, users.listing(hub, normalise_code(society) if society else ""), "users")


@router.post(
    "", status_code=201, response_model=UserMadeOut, responses=responses(404), summary="Add a person"
)
def post_user(wanted: UserIn, hub: OpenHub, caller: UserKeeper) -> dict[str, Any]:
    """To a society, service or authority that the register has; hand the password over by a safe way."""
    if wanted.role == OPERATOR:
        raise NotAllowed(ONLY_BY_COMMAND)
    return users.add(
        hub, wanted.user, wanted.society, role=wanted.role, scopes=wanted.scopes, by_key=caller.key
    )


@router.post("/{name}/disable", response_model=UserOut, responses=responses(404), summary="Let in no more")
def post_disable(name: Name, hub: OpenHub, caller: UserKeeper) -> dict[str, Any]:
    """What is open ends at once."""
    _kept_here(hub, name)
    users.disable(hub, name, by_key=caller.key)
    return users.shown(hub, name)


@router.post("/{name}/enable", response_model=UserOut, responses=responses(404), summary="Let in again")
def post_enable(name: Name, hub: OpenHub, caller: UserKeeper) -> dict[str, Any]:
    """One that was disabled, or that waits after too many wrong passwords."""
    _kept_here(hub, name)
    users.enable(hub, name, by_key=caller.key)
    return users.shown(hub, name)


@router.post("/{name}/password", response_model=PasswordOut, responses=responses(404), summary="New password")
def post_password(name: Name, hub: OpenHub, caller: UserKeeper) -> dict[str, Any]:
    """Made up, shown once, and to be changed at the next visit; open sessions end."""
    _kept_here(hub, name)
    return users.set_password(hub, name, by_key=caller.key)


@router.post(
    "/{name}/sign-out",
    response_model=SessionsOut,
    responses=responses(404),
    summary="End a person's sessions",
)
def post_sign_out(name: Name, hub: OpenHub, caller: UserKeeper) -> dict[str, Any]:
    """In every browser."""
    _kept_here(hub, name)
    ended = users.sign_out_everywhere(hub, name, by_key=caller.key)
    return {"user": users.folded(name), "sessions": ended}


ONLY_BY_COMMAND = "operators are added and changed on the command line only"


def _kept_here(hub: Hub, name: str) -> None:
    """A key that keeps people must not become an operator with all scopes by a new password."""
    if users.shown(hub, name)["society"] == registers.OPERATOR:
        raise NotAllowed(ONLY_BY_COMMAND)
