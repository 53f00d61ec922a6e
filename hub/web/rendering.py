"""Pages from templates: language, session, refusals as pages, and the headers that keep a page closed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote as quoted

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from jinja2 import Environment, PackageLoader, StrictUndefined

from hub import __version__
from hub.access.sessions import Session, resume
from hub.api.problems import note_refusal
from hub.api.security import OpenHub
from hub.cli.words import word
from hub.errors import HubError, NotAuthenticated, PasswordDue, UsageError
from hub.refusals import told
from hub.web import coded, texts
from hub.web.help_texts import help_of
from hub.web.source_lines import line_of
from parsers.reading import FILE
from schemas.reasons import sentence
from schemas.shares import format_percent

COOKIE = "hub_session"
LANGUAGE_COOKIE = "hub_language"
YEAR = 365 * 86_400
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


@cache
def _environment(language: str) -> Environment:
    """Templates in one language; a name that a template misspells is an error, never a gap."""
    made = Environment(
        loader=PackageLoader("hub.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(texts.catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    made.filters["number"] = lambda value: texts.number(value, language)
    made.filters["date"] = lambda value: texts.date(value, language)
    made.filters["period"] = lambda ends: texts.period(ends[0], ends[1], language)
    made.filters["moment"] = lambda value: texts.moment(value, language)
    made.filters["word"] = lambda value: word(value, language)
    made.filters["state"] = lambda value: word(f"state_{value}", language)
    made.filters["action"] = lambda value: word(f"act_{value}", language)
    made.filters["refusal"] = lambda value: told(value, language)
    made.filters["reason"] = lambda value: sentence(value, language)
    made.filters["place"] = lambda value: place(value, texts.catalogue(language).gettext)
    made.filters["rights"] = lambda value: coded.listed(value, "right", language)
    made.filters["uses"] = lambda value: coded.listed(value, "use", language)
    made.filters["territories"] = lambda value: coded.listed(value, "territory", language)
    made.filters["coded"] = lambda value, kind: coded.named(value, kind, language)
    made.filters["right"] = lambda value: coded.right(value, language)
    made.filters["role"] = lambda value: coded.role(value, language)
    made.filters["side"] = lambda value: coded.side(value, language)
    made.filters["known_as"] = lambda value: coded.known_as(value, language)
    made.filters["percent"] = lambda value: texts.number(format_percent(value), language)
    made.filters["in_order"] = coded.in_order
    made.globals["written_days"] = lambda: texts.days(language)
    made.globals["uses"] = lambda: coded.uses(language)
    made.globals["countries"] = lambda: texts.countries(language)
    return made


def place(position: str, translated: Callable[[str], str]) -> str:
    """A position for people: the line, the file as a whole, or the last step of an XPath.

    >>> place("line:12", str), place("file", str), place("/A/B[1]/C[2]", str)
    ('line 12', 'the file', 'C[2]')
    """
    found = line_of(position)
    if found:
        return translated("line %(number)s") % {"number": found}
    if position == FILE:
        return translated("the file")
    return position.rpartition("/")[2] or position


def language_of(request: Request) -> str:
    """The language that the address, the cookie or the browser asks for, in this order."""
    for asked in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if asked in texts.LANGUAGES:
            return str(asked)
    return texts.preferred(request.headers.get("accept-language", ""))


def render(
    request: Request, template: str, *, session: Session | None = None, status: int = 200, **values: Any
) -> HTMLResponse:
    """A page; the language that the address asks for is kept for the next ones."""
    language = language_of(request)
    page = _environment(language).get_template(template)
    body = page.render(
        request=request, session=session, language=language, languages=texts.NAMES, version=__version__,
        here=request.url.path, help=help_of(request.url.path, language), **values,
    )  # fmt: skip
    response = HTMLResponse(body, status, HEADERS)
    if request.query_params.get("lang") in texts.LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=YEAR, samesite="lax", httponly=True)
    return response


def text(request: Request, message: str) -> str:
    """One text in the language of the request."""
    return texts.catalogue(language_of(request)).gettext(message)


def problem_page(request: Request, status: int, title: str, detail: str) -> HTMLResponse:
    """What went wrong and how to go on, within the menu of whoever is signed in."""
    language = language_of(request)
    return render(
        request, "problem.html", session=getattr(request.state, "session", None), status=status,
        title=told(title, language), detail=told(detail, language),
    )  # fmt: skip


class PageRoute(APIRoute):
    """A route whose refusals are pages: the way to sign in, or what went wrong and how to go on."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler with its refusals turned into pages."""
        inner = super().get_route_handler()

        async def handler(request: Request) -> Response:
            try:
                return await inner(request)
            except NotAuthenticated:
                back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                asked = quoted(back) if request.method == "GET" else ""
                return RedirectResponse(f"/login?next={asked}", 303)
            except PasswordDue:
                return RedirectResponse("/account/password", 303)
            except HubError as fault:
                if fault.status == HTTPStatus.FORBIDDEN:
                    await run_in_threadpool(note_refusal, request, fault)
                return problem_page(request, fault.status, fault.title, fault.detail)
            except RequestValidationError as fault:
                named = ", ".join(dict.fromkeys(str(item["loc"][-1]) for item in fault.errors()))
                return problem_page(
                    request, 422, UsageError.title, f"look again at what was filled in: {named}"
                )

        return handler


class Visiting:
    """A dependency that yields the session if its person has one of the scopes."""

    def __init__(self, *scopes: str) -> None:
        self.scopes = scopes

    def __call__(self, request: Request, hub: OpenHub) -> Session:
        """The session behind the cookie."""
        session = resume(hub, request.cookies.get(COOKIE, ""))
        request.state.caller, request.state.session = session.caller, session
        if self.scopes:
            if session.must_change:
                raise PasswordDue("choose a password of your own first")
            session.caller.need(*self.scopes)
        return session


AnyVisitor = Annotated[Session, Depends(Visiting())]
Visitor = Annotated[Session, Depends(Visiting("read"))]
SubmittingVisitor = Annotated[Session, Depends(Visiting("submit"))]
UsageVisitor = Annotated[Session, Depends(Visiting("usage"))]
MandateVisitor = Annotated[Session, Depends(Visiting("mandates"))]
DecidingVisitor = Annotated[Session, Depends(Visiting("mandates", "operate"))]
OperatingVisitor = Annotated[Session, Depends(Visiting("operate"))]
KeyVisitor = Annotated[Session, Depends(Visiting("keys", "operate"))]
WebhookVisitor = Annotated[Session, Depends(Visiting("webhooks"))]
ReviewingVisitor = Annotated[Session, Depends(Visiting("review"))]
