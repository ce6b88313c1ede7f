"""One writer at a time, across threads and processes.

SQLite's own wait is a loop of sleeps: eight busy connections see p99 of half a second and more. Waiting in the kernel
(`flock`) hands the turn over at once. The lock file stands beside the database and stays empty.
"""

from __future__ import annotations

import fcntl
import gc
import os
import threading
import weakref


class WriteLockTimeout(Exception):
    pass


class WriteLock:
    """Held by one connection. Each has its own open file, so that threads exclude each other as processes do."""

    def __init__(self, path: str, timeout: float) -> None:
        self.path = path
        self.timeout = timeout
        self._fd: int | None = None
        self._holder: int | None = None
        _locks.add(self)

    @property
    def is_held(self) -> bool:
        return self._holder is not None

    def acquire(self) -> None:
        self._refuse_to_wait_for_oneself()
        if self._fd is None:
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._wait(self._fd)
        self._holder = threading.get_ident()
        _holders[self.path, self._holder] = self

    def release(self) -> None:
        if self._holder is None:
            return
        _holders.pop((self.path, self._holder), None)
        self._holder = None
        if self._fd is not None:
            fcntl.flock(self._fd, fcntl.LOCK_UN)

    def close(self) -> None:
        self.release()
        if self._fd is not None:
            os.close(self._fd)
        self._fd = None

    def __del__(self) -> None:
        # A thread that ends drops its connection without closing it.
        self.close()

    def forget_after_fork(self) -> None:
        """A child shares its parent's open file and would keep the lock alive if the parent were killed."""
        if self._fd is not None:
            os.close(self._fd)
        self._fd = self._holder = None

    def _refuse_to_wait_for_oneself(self) -> None:
        place = self.path, threading.get_ident()
        if place in _holders:
            gc.collect()  # perhaps a thread of the same number ended and left its connection behind
        if place in _holders:
            raise WriteLockTimeout("this thread is already writing to the database through another connection")

    def _wait(self, fd: int) -> None:
        turn = _Turn(fd)
        if not turn.comes_within(self.timeout):
            self._fd = None  # the waiting thread still has the file, and closes it
            raise WriteLockTimeout(f"no turn to write within {self.timeout:g} s")


class _Turn:
    """Waits in the kernel on a thread of its own, because such a wait cannot be given up."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.came = threading.Event()
        self.guard = threading.Lock()
        self.is_given_up = False
        threading.Thread(target=self._wait, name="write-lock", daemon=True).start()

    def comes_within(self, seconds: float) -> bool:
        if self.came.wait(seconds):
            return True
        with self.guard:
            self.is_given_up = not self.came.is_set()
            return not self.is_given_up

    def _wait(self) -> None:
        fcntl.flock(self.fd, fcntl.LOCK_EX)
        with self.guard:
            self.came.set()
            if self.is_given_up:
                os.close(self.fd)  # and the lock with it


# By path and thread.
_holders: weakref.WeakValueDictionary[tuple[str, int], WriteLock] = weakref.WeakValueDictionary()
_locks: weakref.WeakSet[WriteLock] = weakref.WeakSet()


def _forget_all() -> None:
    _holders.clear()
    for lock in list(_locks):
        lock.forget_after_fork()


os.register_at_fork(after_in_child=_forget_all)
