"""Whether the fields of one record agree with each other, by the table of ``schemas.cwr.conditions``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from schemas.cwr.conditions import ANYTHING, Condition
from schemas.identifiers import check_digits

Values = Mapping[str, str]

NO_EPISODE = "0000"
"""How an ISAN says that a production has no episodes."""
_HEXADECIMAL = frozenset("0123456789ABCDEF")


def broken(conditions: tuple[Condition, ...], values: Values) -> list[tuple[Condition, str]]:
    """The conditions that the stripped ``values`` do not satisfy, with what they were compared with."""
    found = []
    for item in conditions:
        if _applies(item, values):
            against = _AGAINST[item.demand](item, values)
            if against is not None:
                found.append((item, against))
    return found


def _applies(item: Condition, values: Values) -> bool:
    if not item.when:
        return True
    value = values[item.when]
    for known in item.values:
        if known == ANYTHING:
            return says(value)
        if known.startswith("-"):
            return value != known[1:]
        if value == known:
            return True
    return False


def says(value: str) -> bool:
    """Whether a value says something: blanks and zeros do not."""
    return bool(value.strip("0"))


def _given(item: Condition, values: Values) -> str | None:
    return None if says(values[item.field]) else ""


def _blank(item: Condition, values: Values) -> str | None:
    return next((values[name] for name in (item.field, *item.of) if says(values[name])), None)


def _any(item: Condition, values: Values) -> str | None:
    return None if any(says(values[name]) for name in (item.field, *item.of)) else ""


def _with(item: Condition, values: Values) -> str | None:
    return "" if says(values[item.field]) and not any(says(values[name]) for name in item.of) else None


def _checked(item: Condition, values: Values) -> str | None:
    first, *others, check = (values[name] for name in (item.field, *item.of))
    if not says(first) or not check:
        return None
    body = "".join([first, *[part or NO_EPISODE for part in others]]).upper()
    good = _HEXADECIMAL.issuperset(body) and check_digits.mod_37_36(body) == check.upper()
    return None if good else check


def _in(item: Condition, values: Values) -> str | None:
    return None if values[item.field] in item.of else "|".join(item.of).strip("|")


def _at_least(item: Condition, values: Values) -> str | None:
    number = _number(values[item.field])
    return item.of[0] if number is not None and number < int(item.of[0]) else None


def _at_most(item: Condition, values: Values) -> str | None:
    number = _number(values[item.field])
    return item.of[0] if number is not None and number > int(item.of[0]) else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _compared(wrong: Callable[[str, str], bool]) -> Callable[[Condition, Values], str | None]:
    def against(item: Condition, values: Values) -> str | None:
        day = values[item.field]
        other = next((values[name] for name in item.of if says(values[name])), "")
        # CWR dates are digits from the year down, so they compare as text.
        return other if says(day) and other and wrong(day, other) else None

    return against


_AGAINST: Mapping[str, Callable[[Condition, Values], str | None]] = MappingProxyType(
    {
        "given": _given,
        "blank": _blank,
        "any": _any,
        "valid": _given,
        "with": _with,
        "checked": _checked,
        "in": _in,
        "at_least": _at_least,
        "at_most": _at_most,
        "before": _compared(lambda day, other: day >= other),
        "not_before": _compared(lambda day, other: day < other),
        "after": _compared(lambda day, other: day <= other),
    }
)
