"""The worker: three loops in one process, so that a long job holds up neither events nor timed work."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from importlib import import_module

import structlog
from django.db import close_old_connections, connections

from chengyun.core import events, handlers, jobs, schedules
from chengyun.core.attempts import attempt

POLL_S = 0.3
AFTER_ERROR_S = 2.0
FINISH_S = 25.0  # systemd and Docker kill after 30 s or 10 s; a job cut off is reclaimed

log = structlog.get_logger(__name__)


class Worker:
    def __init__(self) -> None:
        # Recognisable in the log, unique when a machine's clock and process numbers begin again.
        self.name = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
        self.stopping = threading.Event()
        handlers.discover()
        jobs.discover()
        import_module("chengyun.core.upkeep")

    def run(self) -> None:
        """Work until SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stopping.set())
        log.info("worker started", worker=self.name)
        loops = [
            threading.Thread(target=self.loop, args=(work,), name=work.__name__, daemon=True)
            for work in (handlers.run_handlers, schedules.run_due, self.run_job)
        ]
        for thread in loops:
            thread.start()
        # Waiting in slices lets the main thread see signals.
        while not self.stopping.wait(1.0):
            pass
        for thread in loops:
            thread.join(FINISH_S)
        log.info("worker stopped", worker=self.name, unfinished=[each.name for each in loops if each.is_alive()])

    def run_once(self) -> None:
        events.settle()
        schedules.run_due()
        handlers.run_until_quiet()
        while self.run_job():
            handlers.run_until_quiet()

    def run_job(self) -> int:
        return int(jobs.run_next_job(self.name))

    def loop(self, work: Callable[[], int]) -> None:
        """Go on at once while there is work, else look again soon."""
        while not self.stopping.is_set():
            close_old_connections()
            outcome = attempt("worker loop", work, loop=work.__name__)
            if outcome.error is not None:
                self.stopping.wait(AFTER_ERROR_S)
            elif not outcome.value:
                self.stopping.wait(POLL_S)
        connections.close_all()
