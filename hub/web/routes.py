"""All pages of the application."""

from __future__ import annotations

from fastapi import FastAPI

from hub.web.pages import (
    account,
    conflicts,
    home,
    records,
    register,
    signing,
    sources,
    stating,
    subjects,
    uploads,
)


def add_pages(app: FastAPI) -> None:
    """Add the pages to an application that has a hub and a worker in its state."""
    for pages in (signing, home, subjects, sources, uploads, register, stating, conflicts, records, account):
        app.include_router(pages.router)
