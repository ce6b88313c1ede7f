"""What is written in a report, by who tells it: a collector's short note, a caller's complaint, a camera's find."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from chengyun.demo.county import names
from chengyun.demo.subjects import Subject

CALLER_OPENINGS = ("市民来电反映：", "来电人反映：", "市民反映，", "来电反映", "居民来电：")
CALLER_WISHES = (
    "，希望尽快处理。",
    "，已经好几天没人管了，请相关部门核实。",
    "，给出行带来不便，请尽快解决。",
    "，要求回复处理结果。",
    "，多次反映未果，望重视。",
    "，影响居民生活，请及时处置。",
)
PUBLIC_OPENINGS = ("", "", "你好，", "随手拍：", "路过看到，")
PUBLIC_WISHES = ("。", "，麻烦处理一下。", "，太影响市容了。", "，请管一管。", "，谢谢。")
NOTES = ("", "", "", "现场已拍照。", "请及时处置。", "影响通行。", "附近居民较多。")


def describe(random: Random, subject: Subject, wording: str, source: str) -> str:
    core = wording + filled(random, random.choice(subject.phrases))
    return _STYLES.get(source, _noted)(random, core)


def filled(random: Random, phrase: str) -> str:
    eateries, stores, garages, _others = names.groups("shops")
    return phrase.format(
        n=random.randint(2, 6),
        m=random.randint(5, 30),
        eatery=random.choice(eateries),
        store=random.choice(stores),
        garage=random.choice(garages),
        shop=random.choice(names.words("shops")),
    )


def _noted(random: Random, core: str) -> str:
    return f"{core}。{random.choice(NOTES)}"


def _called(random: Random, core: str) -> str:
    return random.choice(CALLER_OPENINGS) + core + random.choice(CALLER_WISHES)


def _posted(random: Random, core: str) -> str:
    return random.choice(PUBLIC_OPENINGS) + core + random.choice(PUBLIC_WISHES)


def _seen(random: Random, core: str) -> str:
    return f"视频巡查发现{core}。"


def _ordered(random: Random, core: str) -> str:
    return f"领导巡查发现{core}，请立即处理并反馈。"


_STYLES: dict[str, Callable[[Random, str], str]] = {
    "hotline": _called,
    "public": _posted,
    "video": _seen,
    "leader": _ordered,
}


def person_name(random: Random) -> str:
    return random.choice(names.words("family_names")) + random.choice(names.words("given_names"))


def caller_name(random: Random) -> str:
    """Callers often give a family name only."""
    family = random.choice(names.words("family_names"))
    return family + random.choice(("先生", "女士", "女士", "先生", random.choice(names.words("given_names"))))


def phone(random: Random) -> str:
    """Eleven digits that no operator gives out: no mobile prefix is 100."""
    return f"100{random.randrange(10**8):08}"
