"""Division codes: how long each level's is, and what it begins with (GB/T 2260; a cell has 15 digits, GB/T 47678.3)."""

from __future__ import annotations

from chengyun.regions.models import Level

LENGTH = {Level.PREFECTURE: 6, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.COMMUNITY: 12, Level.CELL: 15}

ABOVE = {
    Level.COUNTY: Level.PREFECTURE,
    Level.TOWNSHIP: Level.COUNTY,
    Level.COMMUNITY: Level.TOWNSHIP,
    Level.CELL: Level.COMMUNITY,
}


def begins_below(parent_code: str) -> str:
    """What the codes below this one begin with: a prefecture's six digits end in 00, its counties share four."""
    return parent_code[:4] if len(parent_code) == 6 and parent_code.endswith("00") else parent_code


def parent_by_code(level: Level, code: str) -> str:
    """The parent that the code itself names; blank where there is none."""
    above = ABOVE.get(level)
    if above is None:
        return ""
    return code[:4] + "00" if above == Level.PREFECTURE else code[: LENGTH[above]]
