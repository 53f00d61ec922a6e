"""The days that stand for the ends of valid time."""

from __future__ import annotations

import datetime as dt

FOREVER = dt.date(9999, 12, 31)
"""Open end of a period in valid time; a date, not NULL, so that comparisons stay plain."""

BEGINNING = dt.date(1, 1, 1)
