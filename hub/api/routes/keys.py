"""``/me`` and ``/keys``: who the caller is, and the keys of its own."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from hub.access import keys
from hub.api.listings import Formed, exportable
from hub.api.problems import responses
from hub.api.security import KeyKeeper, KeyReader, OpenHub, Reader

router = APIRouter(tags=["access"])
Prefix = Annotated[str, Path(max_length=40, examples=["hub_1a2b3c4d"])]


class CallerOut(BaseModel):
    """Whom the key speaks for, and what it may do."""

    society: str = Field(examples=["177"])
    role: str = Field(examples=["society"])
    scopes: list[str] = Field(examples=[["read", "usage"]])
    key: str = Field(examples=["hub_1a2b3c4d"])


class KeyIn(BaseModel):
    """A key to be made; without scopes it has those of the key that makes it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"scopes": ["read"], "days": 90, "label": "website"}}
    )
    scopes: list[str] = Field([], max_length=20)
    days: int = Field(365, ge=1, le=keys.MOST_DAYS)
    label: str = Field("", max_length=200)


class KeyOut(BaseModel):
    """A key without its secret; instants are empty where nothing happened yet."""

    prefix: str = Field(examples=["hub_1a2b3c4d"])
    society: str
    role: str
    scopes: list[str]
    label: str
    created: str
    expires: str
    revoked: str
    last_used: str


class KeyMadeOut(BaseModel):
    """A new key; ``key`` is its secret and is never shown again."""

    key: str
    prefix: str
    society: str
    role: str
    scopes: list[str]
    expires: str


class KeyRotatedOut(KeyMadeOut):
    """The new key, and until when the old one goes on."""

    instead_of: str
    old_expires: str


@router.get("/me", responses=responses(), summary="Who am I, and what may I do")
def get_me(caller: Reader) -> CallerOut:
    """The member, role and scopes behind the key of this call."""
    return CallerOut(society=caller.society, role=caller.role, scopes=sorted(caller.scopes), key=caller.key)


@router.get(
    "/keys", response_model=list[KeyOut], responses=exportable(), summary="Keys without their secrets"
)
def list_keys(hub: OpenHub, caller: KeyReader, forms: Formed) -> Any:
    """The caller's own, or everybody's for the operator."""
    return forms.of(KeyOut, keys.listing(hub, caller), "keys")


@router.post(
    "/keys",
    status_code=201,
    response_model=KeyMadeOut,
    responses=responses(),
    summary="Make a key of one's own",
)
def post_key(wanted: KeyIn, hub: OpenHub, caller: KeyKeeper) -> dict[str, Any]:
    """With at most the scopes of the key that makes it; the operator makes keys on the command line."""
    return keys.create_own(hub, caller, scopes=wanted.scopes, days=wanted.days, label=wanted.label)


@router.post(
    "/keys/{prefix}/rotate",
    status_code=201,
    response_model=KeyRotatedOut,
    responses=responses(404),
    summary="Replace a key",
)
def post_rotation(
    prefix: Prefix,
    hub: OpenHub,
    caller: KeyKeeper,
    overlap_hours: Annotated[
        int, Query(ge=0, le=keys.MOST_OVERLAP, description="How long the old key goes on.")
    ] = 24,
) -> dict[str, Any]:
    """The new key has the old one's rights and lifetime."""
    return keys.rotate(hub, prefix, caller, overlap_hours=overlap_hours)


@router.delete("/keys/{prefix}", status_code=204, responses=responses(404), summary="End a key at once")
def delete_key(prefix: Prefix, hub: OpenHub, caller: KeyReader) -> None:
    """Sessions that were begun with it end too."""
    keys.revoke(hub, prefix, caller)
