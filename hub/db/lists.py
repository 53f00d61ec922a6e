"""Lists as the tables keep them: codes with ``|`` between."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=65_536)
def terms(text: str) -> tuple[str, ...]:
    """A stored list as a tuple; an empty text has no terms.

    >>> terms("PR|-OB"), terms("")
    (('PR', '-OB'), ())
    """
    return tuple(text.split("|")) if text else ()
