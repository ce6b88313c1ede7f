"""How often one caller may call: a sliding window in this process. Two web processes let twice as much through."""

from __future__ import annotations

import math
import threading
import time
from collections import deque

WINDOW_S = 60.0

_calls: dict[int, deque[float]] = {}
_lock = threading.Lock()


def seconds_to_wait(caller: int, most: int) -> int:
    """Counts a call; 0 when it may go on, else after how many seconds to come again (it is not counted then)."""
    at = time.monotonic()
    with _lock:
        calls = _calls.setdefault(caller, deque())
        while calls and calls[0] <= at - WINDOW_S:
            calls.popleft()
        if len(calls) >= most:
            return max(1, math.ceil(calls[0] + WINDOW_S - at))
        calls.append(at)
        return 0


def forget() -> None:
    with _lock:
        _calls.clear()
