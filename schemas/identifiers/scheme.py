"""What the identifiers of the trade have in common: one engine, of which each scheme is a row."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from schemas.identifiers.errors import InvalidChecksum, InvalidFormat, InvalidLength

_SEPARATORS = re.compile(r"[\s.\-]")


@dataclass(frozen=True, slots=True)
class Scheme:
    """An identifier scheme.

    Attributes:
        name: What people call it.
        lengths: The lengths that a compact code may have.
        shape: What a compact code looks like; its groups are those of the printed form.
        says: Its length and its shape in words, for messages.
        printed: The printed form as a template of the groups of the shape.
        label: What may stand before a code in files, such as ``ISWC``.
        check: The check of a code without it; None in schemes that have none.
        check_length: How many characters the check has.
        filled: Whether files drop leading zeros, so that they are put back.
    """

    name: str
    lengths: tuple[int, ...]
    shape: re.Pattern[str]
    says: tuple[str, str]
    printed: str = r"\g<0>"
    label: str = ""
    check: Callable[[str], str] | None = None
    check_length: int = 1
    filled: bool = False

    def compact(self, text: str) -> str:
        """Without separators and label, upper case, filled up where the scheme does so."""
        if self.shape.fullmatch(text):
            return text
        code = _SEPARATORS.sub("", text).upper()
        # An Icelandic ISRC may begin with the letters of the label.
        if self.label and not self.shape.fullmatch(code):
            code = code.removeprefix(self.label).lstrip(":")
        if self.filled and code.isascii() and code.isdigit():
            code = code.zfill(self.lengths[0])
        return code

    def validate(self, text: str) -> str:
        """The compact form.

        Raises:
            InvalidLength: too short or too long.
            InvalidFormat: not of the scheme's shape.
            InvalidChecksum: a wrong check.
        """
        code = self.compact(text)
        if len(code) not in self.lengths:
            raise InvalidLength(self.says[0])
        if not self.shape.fullmatch(code):
            raise InvalidFormat(self.says[1])
        if self.check and self.check(code[: -self.check_length]) != code[-self.check_length :]:
            raise InvalidChecksum("the check digit is wrong")
        return code

    def is_valid(self, text: str) -> bool:
        """Whether the text is such an identifier in any of its spellings."""
        try:
            self.validate(text)
        except ValueError:
            return False
        return True

    def format(self, text: str) -> str:
        """The printed form; text of another shape comes back compact."""
        code = self.compact(text)
        match = self.shape.fullmatch(code)
        return match.expand(self.printed) if match else code
