"""The identifier of a component (GB/T 47678.5-2026): 6 digits division, 2 major, 3 minor class, 6 sequence. Pure."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

LENGTH: Final = 17
LAST_SEQUENCE: Final = 999_999
_FORM = re.compile(r"(?P<division>\d{6})(?P<class_code>\d{5})(?P<sequence>\d{6})", re.ASCII)
# GB/T 30428.2-2013 counted two digits for the minor class.
_FORMER = re.compile(r"(?P<division>\d{6})(?P<class_code>\d{4})(?P<sequence>\d{6})", re.ASCII)


class Identifier(NamedTuple):
    """The three parts, as text. `str()` puts them together."""

    division: str
    class_code: str
    sequence: str

    def __str__(self) -> str:
        return self.division + self.class_code + self.sequence

    @property
    def is_former(self) -> bool:
        """Sixteen digits of the edition of 2013."""
        return len(self.class_code) == 4


def parse(text: str) -> Identifier | None:
    """The parts of a 17- or (2013) 16-digit identifier; None for anything else, and for sequence 000000."""
    found = _FORM.fullmatch(text) or _FORMER.fullmatch(text)
    if found is None or not int(found["sequence"]):
        return None
    return Identifier(found["division"], found["class_code"], found["sequence"])


def made(division: str, class_code: str, sequence: int) -> str:
    """Raises ValueError when the class has used up its million numbers in the division."""
    if not 1 <= sequence <= LAST_SEQUENCE:
        raise ValueError(f"no identifier with sequence {sequence}")
    return f"{division}{class_code}{sequence:06}"


def span(prefix: str) -> tuple[str, str]:
    """The lowest and the highest identifier that begins with these digits: a range that any collation reads alike."""
    return prefix.ljust(LENGTH, "0"), prefix.ljust(LENGTH, "9")
