"""The share policy as a parameter of routes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from hub.answers.agreement import policies

SharePolicy = Annotated[
    str | None,
    Query(
        max_length=40,
        description=f"How disagreeing sources count: {', '.join(policies())}; the hub's own by default.",
    ),
]
