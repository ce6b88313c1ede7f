"""The cases behind figures as one compact blob, as what was published keeps them: ascending ids as differences. Pure.

A million cases of a year take about one and a half megabytes. Numbers are eight bytes, least first.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any


def repeated(cases: Mapping[int, int]) -> list[int]:
    """Ascending ids out of how often each counts."""
    return [each for each in sorted(cases) for _ in range(cases[each])]


def ids_of(cases: Mapping[tuple[Any, ...], Mapping[int, int]], keys: Iterable[Any]) -> dict[str, list[int]]:
    """Of these keys of one dimension, as `together.cases_together` found them; those without any are left out."""
    return {str(key): repeated(found) for key in keys if (found := cases.get((key,)))}


def pack(ids: Mapping[str, Sequence[int]], told: Any = None) -> bytes:
    """`ids` ascending, each as often as it counts; `told` is JSON about them. Equal contents make equal blobs."""
    keys = sorted(ids)
    facts = {"keys": keys, "counts": [len(ids[key]) for key in keys]} | ({} if told is None else {"told": told})
    head = json.dumps(facts, ensure_ascii=False).encode()
    steps = array("q")
    for key in keys:
        steps.extend(after - before for before, after in pairwise([0, *ids[key]]))
    if sys.byteorder == "big":
        steps.byteswap()
    return zlib.compress(head + b"\n" + steps.tobytes(), 6)


def unpack(content: bytes) -> dict[str, list[int]]:
    head, _newline, body = zlib.decompress(content).partition(b"\n")
    told = json.loads(head)
    steps = array("q")
    steps.frombytes(body)
    if sys.byteorder == "big":
        steps.byteswap()
    found, place = {}, 0
    for key, count in zip(told["keys"], told["counts"], strict=True):
        found[key] = list(accumulate(steps[place : place + count]))
        place += count
    return found


def told(content: bytes) -> Any:
    """What was told about the ids, or None."""
    return json.loads(zlib.decompress(content).partition(b"\n")[0]).get("told")
