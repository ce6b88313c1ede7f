"""What happens in a county's streets: how often each kind of problem comes, when, whose it is, and in which words.

`data/subjects.csv` goes by words in a class's name, so that it serves every edition; the longest word wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from chengyun.demo.county import names

# Relative frequency per month, January first.
SEASONS = {
    "all": (10,) * 12,
    "spring": (7, 8, 16, 18, 15, 10, 8, 8, 8, 8, 7, 7),
    "summer": (5, 5, 7, 9, 13, 17, 19, 18, 12, 8, 6, 5),
    "autumn": (6, 6, 6, 7, 7, 7, 7, 8, 12, 20, 22, 12),
    "winter": (20, 17, 9, 6, 5, 5, 5, 5, 6, 8, 14, 20),
    "rain": (4, 4, 6, 8, 10, 16, 24, 22, 12, 7, 4, 3),
    "windy": (10, 11, 15, 15, 11, 10, 11, 9, 7, 7, 8, 8),
    "snow": (45, 25, 2, 0, 0, 0, 0, 0, 0, 0, 6, 30),
}
# Relative frequency per hour of the day, midnight first.
HOURS = {
    "day": (0, 0, 0, 0, 0, 1, 3, 8, 12, 13, 12, 8, 5, 7, 11, 12, 11, 8, 4, 2, 1, 1, 0, 0),
    "all": (1, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 6, 5, 6, 8, 8, 8, 7, 5, 4, 3, 2, 2, 1),
    "evening": (1, 0, 0, 0, 0, 0, 1, 2, 4, 5, 5, 4, 4, 4, 4, 5, 6, 8, 11, 13, 12, 8, 4, 2),
    "market": (0, 0, 0, 0, 0, 3, 9, 14, 13, 9, 7, 7, 5, 3, 4, 5, 8, 11, 10, 6, 3, 1, 0, 0),
    "night": (2, 2, 1, 1, 1, 3, 4, 4, 4, 5, 5, 4, 3, 3, 4, 4, 5, 7, 10, 12, 12, 10, 7, 4),
}


CITIZENS = ("hotline", "public", "media", "superior")


@dataclass(frozen=True)
class Subject:
    keyword: str
    weight: int
    season: str
    hours: str
    owner: str
    # Whether the rural townships, or the street offices of the town too, answer instead of the department.
    in_townships: bool
    in_streets: bool
    # water, market, park or estate where it happens only there.
    where: str
    # What a collector in the street does not notice, such as cold radiators.
    by_citizens: bool
    phrases: tuple[str, ...]

    def weight_in(self, month: int) -> float:
        profile = SEASONS[self.season]
        return self.weight * profile[month - 1] * 12 / sum(profile)

    def weight_from(self, source: str, month: int) -> float:
        """Citizens call about what they alone notice, the centre's own eyes see the rest."""
        factor = 1.0
        if self.by_citizens:
            factor = 3.5 if source in CITIZENS else 0.02
        return factor * self.weight_in(month)


PLAIN = Subject(
    "", 1, "all", "day", "ZF", True, False, "", False, ("破损，需要修复", "有缺失，影响使用", "脏污，影响市容")
)


@cache
def subjects() -> tuple[Subject, ...]:
    return tuple(_subject(row) for row in names.rows("subjects"))


def _subject(row: dict[str, str]) -> Subject:
    return Subject(
        row["keyword"],
        int(row["weight"]),
        row["season"],
        row["hours"],
        row["owner"],
        row["rural"] in ("township", "street"),
        row["rural"] == "street",
        row["where"],
        row["told_by"] == "citizen",
        tuple(row["phrases"].split("|")),
    )


@cache
def subject_for(class_name: str) -> Subject:
    fitting = [subject for subject in subjects() if subject.keyword in class_name]
    return max(fitting, key=lambda subject: len(subject.keyword), default=PLAIN)
