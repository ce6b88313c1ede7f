"""How place names and addresses are written and cut: pure functions, no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

# Longer beginnings are not told apart by the index; the names themselves are compared after it.
KEY_CHARACTERS = 8
# Nobody's address is longer; what follows is a story.
MAX_ASKED = 60

_INVISIBLE = r"\x00-\x1f\x7f\u200b-\u200f\ufeff\ud800-\udfff"
_PUNCTUATION = r",，。.、;；:：·•()（）\[\]【】《》<>“”\"'‘’_/\\|—–-"
_NOT_WRITTEN = re.compile(rf"[{_INVISIBLE}\s{_PUNCTUATION}]+")
_SEPARATED_NUMBER = re.compile(r"(\d)-(?=\d)")
_STREET_ENDS = r"(?:公路|大道|胡同|路|街|巷|道|弄|线)(?:[东西南北中]?[一二三四五六七八九十]?段)?"
_PLACE_ENDS = r"(?:里|坊|条|村|庄|苑|园|小区)[东西南北中]?[一二三四五六七八九十]?"
_HOUSE = re.compile(
    rf"(?P<street>.*?\D(?:{_STREET_ENDS}[东西南北中]?|{_PLACE_ENDS}))"
    r"(?P<number>\d{1,5})(?:之\d+|甲|乙|丙|附\d+)?(?:号|弄|#)"
)
_CROSSING = re.compile(
    rf"(?P<first>.{{2,20}}?)(?:与|和|跟|同|及|&|×|x|至)(?P<second>.{{1,18}}?{_STREET_ENDS})"
    r"的?(?:十字|丁字)?(?:交叉路?口|交叉|路口|交汇处?|交界处?|相交处?|口)"
)
_CHINESE_NUMBER = re.compile(r"[一二三四五六七八九十百两零〇]+(?=号)")
_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5} | {
    "六": 6, "七": 7, "八": 8, "九": 9
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """What an address says. `streets`: the ways of reading where the street's name begins, longest first."""

    text: str
    streets: Sequence[str] = ()
    number: int | None = None
    crossing: tuple[Sequence[str], Sequence[str]] | None = None

    @property
    def road_names(self) -> set[str]:
        return {*self.streets, *(name for names in self.crossing or () for name in names)}


def spelling(text: str) -> str:
    """One spelling for what reads alike: half width, lower case, no blanks and no punctuation."""
    return _NOT_WRITTEN.sub("", _SEPARATED_NUMBER.sub(r"\1之", unicodedata.normalize("NFKC", text).lower()))


def keys_of(name: str) -> list[bytes]:
    """The name from each of its characters on; not from within a number, and not its last character alone."""
    written = spelling(name)
    starts = [at for at in range(len(written)) if not (at and written[at].isdigit() and written[at - 1].isdigit())]
    return [key_of(written[at:]) for at in starts if at == 0 or len(written) - at > 1]


def key_of(written: str) -> bytes:
    return written[:KEY_CHARACTERS].encode()


def keys_beginning(written: str) -> tuple[bytes, bytes]:
    """The first key that begins so, and the first behind all of those."""
    return key_of(written), key_of(written) + b"\xff"


def parsed(text: str) -> Address:
    written = _with_figures(spelling(text[: MAX_ASKED * 2])[:MAX_ASKED])
    crossed = _CROSSING.search(written)
    if crossed:
        return Address(written, crossing=(_endings(crossed["first"]), _endings(crossed["second"])))
    house = _HOUSE.search(written)
    if house:
        return Address(written, _endings(house["street"]), int(house["number"]))
    return Address(written)


def house_of(name: str) -> tuple[str, int | None]:
    """(street, number) of a house's name or address, «凤凰街12号» → («凤凰街», 12); blank where it has none."""
    house = _HOUSE.match(_with_figures(spelling(name)))
    return (house["street"][-100:], int(house["number"])) if house else ("", None)


def parts(written: str, longest: int = 12) -> set[str]:
    """Everything that may be a name within a longer text."""
    ends = range(len(written) + 1)
    return {written[start:end] for start in ends for end in range(start + 2, min(start + longest, len(written)) + 1)}


def _endings(name: str) -> list[str]:
    """«城关镇凤凰街» may be the street «凤凰街»: every ending of three characters or more, longest first."""
    return [name[at:] for at in range(max(len(name) - 2, 1))]


def _with_figures(written: str) -> str:
    return _CHINESE_NUMBER.sub(lambda found: str(_number(found[0])), written)


def _number(words: str) -> int:
    """«一百二十三» → 123, «一二三» → 123."""
    if not {"十", "百"} & set(words):
        return int("".join(str(_DIGITS[word]) for word in words))
    hundreds, _mark, rest = words.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    value = _DIGITS.get(hundreds[-1:], 0) * 100 + (_DIGITS.get(tens[-1:], 1) * 10 if ten else 0)
    return value + _DIGITS.get(ones[-1:], 0)
