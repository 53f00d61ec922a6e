"""Listings: pages of JSON with a link to the next one, or all entries as NDJSON, CSV or Parquet.

The form is what ``format=`` says, otherwise what the ``Accept`` header prefers. An export goes on over all
pages from ``cursor`` on, as known at one instant, and is sent while it is read.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from hub.api.exports import JSON, MEDIA, Json, Model, written
from hub.api.paging import Cursor, link_next
from hub.api.problems import responses
from hub.errors import NotAcceptable

PER_PAGE = 100
EXPORTED_TOGETHER = 1_000
"""Entries of a page when nothing is said, and of a step of an export."""

Page = Callable[[int | None, int], tuple[list[Json], int | None]]
"""``page(after, limit)``: the entries after a cursor, and the cursor of what follows (None at the end)."""

Form = Annotated[
    str | None,
    Query(
        alias="format",
        pattern=f"^({'|'.join(MEDIA)})$",
        description="The form of the answer; otherwise the `Accept` header says.",
    ),
]
Most = Annotated[
    int | None,
    Query(ge=1, le=1_000, description="Entries of a page, 100 by default; exports have all without it."),
]


def exportable(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a listing declares: its errors, and its other forms beside JSON."""
    forms = {media: {"schema": {"type": "string"}} for form, media in MEDIA.items() if form != JSON}
    return {**responses(406, *statuses), 200: {"content": forms}}


def chosen(request: Request, form: str | None) -> str:
    """The form of an answer.

    Raises:
        NotAcceptable: the ``Accept`` header takes none of them.
    """
    if form:
        return form
    wanted = request.headers.get("accept", "").lower()
    weights = {name: _weight(wanted, media) for name, media in MEDIA.items()}
    best = max(weights, key=lambda name: weights[name]) if wanted.strip() else JSON
    if wanted.strip() and not weights[best]:
        raise NotAcceptable(f"this listing is there as {', '.join(MEDIA.values())}")
    return best


def _weight(accept: str, media: str) -> float:
    """How much an ``Accept`` header wants a media type: what names it most closely counts (RFC 9110)."""
    found = (0, 0.0)
    for part in accept.split(",")[:50]:
        name, *parameters = (item.strip() for item in part.split(";"))
        closeness = {media: 3, f"{media.partition('/')[0]}/*": 2, "*/*": 1}.get(name, 0)
        quality = next((item[2:] for item in parameters if item.startswith("q=")), "1")
        try:
            found = max(found, (closeness, float(quality))) if closeness else found
        except ValueError:
            continue
    return found[1]


@dataclass(frozen=True, slots=True)
class Forms:
    """The form that one call wants its entries in."""

    request: Request
    response: Response
    form: str

    def of(self, model: Model, entries: Iterable[Json], name: str) -> Any:
        """All entries of a listing that has no pages; ``name`` is that of the file."""
        self.response.headers["Vary"] = self.varies
        return list(entries) if self.form == JSON else self.export(model, entries, name)

    @property
    def varies(self) -> str:
        """The header ``Vary`` of the answer."""
        return ", ".join(filter(None, ["Accept", self.response.headers.get("Vary")]))

    def export(self, model: Model, entries: Iterable[Json], name: str) -> Response:
        """The entries as they are in JSON, in the form that was asked for."""
        shown = (model.model_validate(entry).model_dump(mode="json") for entry in entries)
        headers = {"Vary": self.varies, "Content-Disposition": f'attachment; filename="{name}.{self.form}"'}
        if "Content-Language" in self.response.headers:
            headers["Content-Language"] = self.response.headers["Content-Language"]
        return StreamingResponse(
            written(self.form, model, shown), media_type=MEDIA[self.form], headers=headers
        )


def _forms(request: Request, response: Response, form: Form = None) -> Forms:
    return Forms(request, response, chosen(request, form))


Formed = Annotated[Forms, Depends(_forms)]


@dataclass(frozen=True, slots=True)
class Listing:
    """One call of a listing with pages."""

    forms: Forms
    cursor: int | None
    limit: int | None

    def of(self, model: Model, page: Page, name: str) -> Any:
        """A page as JSON, or everything from the cursor on in another form.

        The first entries are read before the answer begins, so that a refusal is one.
        """
        if self.forms.form == JSON:
            found, following = page(self.cursor, self.limit or PER_PAGE)
            link_next(self.forms.request, self.forms.response, following)
            self.forms.response.headers["Vary"] = self.forms.varies
            return found
        first = page(self.cursor, min(self.limit or EXPORTED_TOGETHER, EXPORTED_TOGETHER))
        entries = itertools.islice(_all(first, page), self.limit)
        return self.forms.export(model, entries, name)


def _all(first: tuple[list[Json], int | None], page: Page) -> Iterator[Json]:
    found, following = first
    yield from found
    while following is not None:
        found, following = page(following, EXPORTED_TOGETHER)
        yield from found


def _listing(forms: Formed, cursor: Cursor = None, limit: Most = None) -> Listing:
    return Listing(forms, cursor, limit)


Listed = Annotated[Listing, Depends(_listing)]


def following(found: list[Any], limit: int, cursor: Callable[[Any], int]) -> int | None:
    """The cursor after a page: of its last entry, if the page is full."""
    return cursor(found[-1]) if len(found) == limit else None
