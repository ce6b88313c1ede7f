"""`chengyun worker`: events to their handlers, timed work, and jobs, until it is told to stop."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from chengyun.core.worker import Worker


class Command(BaseCommand):
    help = "Deliver events, do timed work and run jobs. SIGTERM lets a running job finish."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is waiting now, then end")

    def handle(self, *, once: bool, **options: Any) -> None:
        worker = Worker()
        if once:
            worker.run_once()
        else:
            worker.run()
