"""Days in queries: as ISO writes them, and in no other way."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

from pydantic import BeforeValidator

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _as_written(value: Any) -> Any:
    # Left to itself pydantic takes a number for seconds since 1970, so that a mistyped day is another day.
    if isinstance(value, str) and not _ISO.fullmatch(value):
        raise ValueError("write a day as 2026-03-15")
    return value


Day = Annotated[dt.date, BeforeValidator(_as_written)]
"""A day as ``2026-03-15``."""
