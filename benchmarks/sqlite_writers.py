"""How long SQLite writers wait, with the write turn and without (docs/adr/sqlite-flock.md)."""

import multiprocessing
import statistics
import tempfile
import threading
import time
from pathlib import Path

PROCESSES, THREADS, SECONDS = 2, 4, 4
ENGINES = {"with the turn": "chengyun.core.db.sqlite", "without": "django.db.backends.sqlite3"}
OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
}


def configure(engine: str, file: str) -> None:
    from django.conf import settings

    settings.configure(DATABASES={"default": {"ENGINE": engine, "NAME": file, "OPTIONS": OPTIONS}}, USE_TZ=True)


def write(waits: list[float], deadline: float) -> None:
    from django.db import connection, transaction

    while time.monotonic() < deadline:
        started = time.perf_counter()
        with transaction.atomic(), connection.cursor() as cursor:
            for number in range(6):
                cursor.execute("INSERT INTO row (value) VALUES (%s)", [f"value {number}"])
        waits.append((time.perf_counter() - started) * 1000)
    connection.close()


def process(engine: str, file: str, answers: "multiprocessing.Queue[list[float]]") -> None:
    configure(engine, file)
    waits: list[float] = []
    threads = [threading.Thread(target=write, args=(waits, time.monotonic() + SECONDS)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put(waits)


def measure(engine: str, file: str) -> list[float]:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[list[float]] = context.Queue()
    processes = [context.Process(target=process, args=(engine, file, answers)) for _ in range(PROCESSES)]
    for each in processes:
        each.start()
    waits = [wait for _ in processes for wait in answers.get()]
    for each in processes:
        each.join()
    return sorted(waits)


def prepare(file: str) -> None:
    import sqlite3

    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, value TEXT)")


if __name__ == "__main__":
    for name, engine in ENGINES.items():
        with tempfile.TemporaryDirectory() as directory:
            file = str(Path(directory) / "bench.sqlite3")
            prepare(file)
            waits = measure(engine, file)
            p99 = waits[int(len(waits) * 0.99)]
            print(f"{name}: {len(waits) / SECONDS:.0f}/s, p50 {statistics.median(waits):.1f} ms, p99 {p99:.0f} ms,")
            print(f"  longest {waits[-1]:.0f} ms")
