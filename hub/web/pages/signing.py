"""Signing in and out, and one's own password."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from hub.access import passwords
from hub.access.denials import Attempt, note
from hub.access.guessing import SECOND, admit, forgive
from hub.access.identities import WAITS, begin, come_back, user_of
from hub.access.provider import Provider, SignInFailed, provider_of
from hub.access.sessions import sign_in, sign_in_known, sign_in_user, sign_out, sign_out_everywhere
from hub.access.users import change_own_password, folded
from hub.api.security import OpenHub
from hub.context import Hub
from hub.errors import HubError, NotAllowed, NotAuthenticated, NotFound, TooManyAttempts, UsageError
from hub.web.rendering import COOKIE, AnyVisitor, PageRoute, problem_page, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)
Secret = Annotated[str, Form(max_length=1000)]
Token = Annotated[str, Form(max_length=100)]
Given = Annotated[str, Query(max_length=4000)]
WAY, RETURN = "hub_way", "/login/provider/return"
"""The cookie of a browser that is on its way to the provider, and where it comes back to."""

_PREFIX = re.compile(r"hub_[0-9a-f]{8}(?=_)")


@router.get("/login")
def login_page(request: Request, next: str = "/find", changed: str = "") -> HTMLResponse:
    """The forms to sign in with a name and a password, or with an API key, and the way to a provider."""
    return _login_page(request, _within(next), changed=bool(changed))


def _login_page(
    request: Request,
    back: str,
    *,
    status: int = 200,
    fault: str = "",
    name: str = "",
    wait: int = 0,
    changed: bool = False,
) -> HTMLResponse:
    settings = request.app.state.hub.settings
    provider = settings.oidc_label or urlsplit(settings.oidc_issuer).hostname or ""
    return render(
        request, "login.html", status=status, back=back, fault=fault, name=name, wait=wait, changed=changed,
        provider=provider,
    )  # fmt: skip


@router.post("/login")
def login(
    request: Request,
    hub: OpenHub,
    name: Annotated[str, Form(max_length=200)] = "",
    password: Secret = "",
    key: Secret = "",
    back: Annotated[str, Form(max_length=2000)] = "/find",
) -> Response:
    """Begin a session; neither password nor key is ever kept in the browser, and the cookie is a new one."""
    if request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        raise NotAllowed("this form was sent by another site; open the page of this hub and sign in there")
    before = request.cookies.get(COOKIE, "")
    address = request.client.host if request.client else ""
    try:
        if name or password:
            cookie = sign_in_user(hub, name, password, address=address, instead_of=before)
        else:
            cookie = sign_in(hub, key, instead_of=before)
    except (NotAuthenticated, TooManyAttempts) as fault:
        _note(request, fault, key, name)
        wait = fault.seconds if isinstance(fault, TooManyAttempts) else 0
        told = "wait" if wait else "name" if name or password else "key"
        page = _login_page(request, _within(back), status=fault.status, fault=told, name=name, wait=wait)
        if wait:
            page.headers["Retry-After"] = str(wait)
        return page
    return _let_in(request, RedirectResponse(_within(back), 303), cookie)


def _let_in(request: Request, response: Response, cookie: str) -> Response:
    """An answer with the cookie of a new session."""
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="strict", secure=secure)
    return response


@router.get("/login/provider")
def to_provider(request: Request, hub: OpenHub, next: str = "/find") -> Response:
    """Send the browser to the OpenID Connect provider; its way back is bound to this browser."""
    provider = _provider(hub)
    way = begin(hub, _within(next))
    address = provider.authorization_url(_return_address(request), way.state, way.nonce, way.verifier)
    response = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
    secure = request.url.scheme == "https"
    # The provider sends the browser back from its own site: a strict cookie would stay away then.
    response.set_cookie(
        WAY, way.state, max_age=WAITS // SECOND, path=RETURN, httponly=True, samesite="lax", secure=secure
    )
    return response


@router.get(RETURN)
def from_provider(
    request: Request, hub: OpenHub, code: Given = "", state: Given = "", error: Given = "", iss: Given = ""
) -> Response:
    """Begin a session for whom the provider vouches for; what does not fit is told and kept."""
    try:
        provider = _provider(hub)
        way = come_back(hub, state, request.cookies.get(WAY, ""))
        if error or not code:
            raise SignInFailed(f"the identity provider refused: {printable(error) or 'no code'}")
        if iss and iss != provider.issuer:
            raise SignInFailed("the identity provider's token does not hold (iss)")
        claims = provider.claims(code, _return_address(request), way.nonce, way.verifier)
        user = user_of(hub, provider, claims)
        cookie = sign_in_known(hub, user, instead_of=request.cookies.get(COOKIE, ""))
    except SignInFailed as fault:
        _note(request, fault, "", "", method="GET")
        response: Response = problem_page(request, fault.status, fault.title, fault.detail)
    else:
        # The page goes on by itself: the new cookie is strict, so a redirect from the provider lacks it.
        response = _let_in(request, render(request, "signed_in.html", back=way.back), cookie)
    response.delete_cookie(WAY, path=RETURN)
    return response


def _provider(hub: Hub) -> Provider:
    found = provider_of(hub.settings)
    if found is None:
        raise NotFound("this hub knows no identity provider; sign in with a name and a password")
    return found


def _return_address(request: Request) -> str:
    return str(request.url.replace(path=RETURN, query=None, fragment=None))


def _note(request: Request, fault: HubError, key: str, name: str, *, method: str = "POST") -> None:
    """Keep the failed attempt, with the public part of a key only."""
    offered = _PREFIX.match(key.strip())
    attempt = Attempt(
        method, request.url.path, fault.code, offered.group() if offered and not name else "", folded(name)
    )
    note(request.app.state.hub, attempt)


@router.post("/logout")
def logout(request: Request, hub: OpenHub, visitor: AnyVisitor, token: Token = "") -> Response:
    """End the session."""
    visitor.check(token)
    sign_out(hub, request.cookies.get(COOKIE, ""))
    return _left("/login")


@router.post("/logout/everywhere")
def logout_everywhere(hub: OpenHub, visitor: AnyVisitor, token: Token = "") -> Response:
    """End the sessions of this person, or of this key, in every browser."""
    visitor.check(token)
    sign_out_everywhere(hub, visitor)
    return _left("/login")


@router.get("/account/password")
def password_page(request: Request, visitor: AnyVisitor) -> HTMLResponse:
    """The form to choose another password."""
    return _password_page(request, visitor)


def _password_page(request: Request, visitor: AnyVisitor, fault: str = "", status: int = 200) -> HTMLResponse:
    if not visitor.user:
        raise UsageError(
            "you are signed in with a key, which has no password; the account page makes another key"
        )
    return render(
        request, "password.html", session=visitor, status=status, fault=fault, least=passwords.LEAST,
        most=passwords.MOST, different=passwords.LEAST_DIFFERENT,
    )  # fmt: skip


@router.post("/account/password")
def change_password(
    request: Request,
    hub: OpenHub,
    visitor: AnyVisitor,
    token: Token = "",
    current: Secret = "",
    new: Secret = "",
    again: Secret = "",
) -> Response:
    """Choose another password; every session ends, and one signs in with the new one."""
    visitor.check(token)
    wrong = passwords.fault(new, visitor.user) or ("again" if new != again else "")
    if wrong or not visitor.user:
        return _password_page(request, visitor, wrong, 400)
    address = request.client.host if request.client else ""
    try:
        # A borrowed browser must not be a way to guess the password either.
        admit(hub, visitor.user, address)
        change_own_password(hub, visitor.user, current, new)
    except (NotAuthenticated, TooManyAttempts) as fault:
        _note(request, fault, "", visitor.user)
        return _password_page(
            request, visitor, "current" if isinstance(fault, NotAuthenticated) else "wait", fault.status
        )
    except UsageError:
        return _password_page(request, visitor, "old", 400)
    forgive(hub, visitor.user, address)
    return _left("/login?changed=1")


def _left(address: str) -> Response:
    response = RedirectResponse(address, 303)
    response.delete_cookie(COOKIE)
    return response


def _within(address: str) -> str:
    """An address of this site; anything that leads elsewhere is replaced by the first page."""
    plain = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if plain else "/find"


def printable(text: str) -> str:
    """What somebody else's text says, short and without what is not printable."""
    return "".join(letter for letter in text[:80] if letter.isprintable())
