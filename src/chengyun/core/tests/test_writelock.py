import gc
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from contextlib import closing

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler

HEADER = """
    import os, sys, threading, time
    from django.conf import settings
    settings.configure(USE_TZ=True)
    from django.db import transaction
    from django.db.utils import ConnectionHandler

    DATABASE = {"ENGINE": "chengyun.core.db.sqlite", "NAME": sys.argv[1], "OPTIONS": {
        "transaction_mode": "IMMEDIATE", "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"}}
    connections = ConnectionHandler({"default": DATABASE})
"""

# Reads, thinks, writes: counts wrong as soon as two of them overlap.
WRITER = (
    HEADER
    + """
    def count():
        connection = connections["default"]
        for _ in range(20):
            connection.ensure_connection()
            connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
            with connection.cursor() as cursor:
                number = cursor.execute("SELECT number FROM tally").fetchone()[0]
                time.sleep(0.0005)
                cursor.execute("UPDATE tally SET number = %s", [number + 1])
            connection.commit()
            connection.set_autocommit(True)
        connection.close()

    threads = [threading.Thread(target=count) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
"""
)

# Begins a write, leaves a child behind, and waits to be killed.
FORKER = (
    HEADER
    + """
    connection = connections["default"]
    connection.ensure_connection()
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    child = os.fork()
    if child == 0:
        time.sleep(30)
        os._exit(0)
    print(child, flush=True)
    time.sleep(30)
"""
)


def run(script, path):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), str(path)], stdout=subprocess.PIPE, text=True
    )


def handler(path, timeout=20.0):
    options = {"transaction_mode": "IMMEDIATE", "timeout": timeout, "init_command": "PRAGMA journal_mode=WAL"}
    return ConnectionHandler(
        {
            name: {"ENGINE": "chengyun.core.db.sqlite", "NAME": str(path), "OPTIONS": options}
            for name in ("default", "b")
        }
    )


@pytest.fixture(autouse=True)
def own_databases(django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "tally.sqlite3"
    with closing(handler(path)["default"]) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE tally (number integer)")
        cursor.execute("INSERT INTO tally VALUES (0)")
    return path


@pytest.fixture
def connection(path):
    with closing(handler(path, timeout=0.2)["default"]) as connection:
        yield connection


@pytest.fixture
def other(path):
    """A second connection of the same thread, which cannot wait for the first."""
    with closing(handler(path, timeout=0.2)["b"]) as other:
        yield other


def begin(connection):
    connection.ensure_connection()
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def count_up(connection):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tally SET number = number + 1")


def number(connection):
    with connection.cursor() as cursor:
        return cursor.execute("SELECT number FROM tally").fetchone()[0]


def test_writers_in_several_threads_and_processes_wait_for_each_other(path, connection):
    writers = [run(WRITER, path) for _ in range(3)]

    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert number(connection) == 3 * 2 * 20
    [writer.stdout.close() for writer in writers]


def test_the_turn_is_given_at_commit(connection, other):
    begin(connection)
    count_up(connection)
    connection.commit()
    connection.set_autocommit(True)
    count_up(other)

    assert number(connection) == 2


def test_the_turn_is_given_at_rollback(connection, other):
    begin(connection)
    count_up(connection)
    connection.rollback()
    connection.set_autocommit(True)
    count_up(other)

    assert number(connection) == 1


def test_the_turn_is_given_when_the_connection_closes_in_the_middle(connection, other):
    begin(connection)
    count_up(connection)
    connection.close()
    count_up(other)

    assert number(other) == 1


def test_a_single_write_outside_a_transaction_gives_its_turn(connection, other):
    count_up(connection)
    count_up(other)

    assert number(connection) == 2


def test_waiting_for_oneself_is_refused_and_not_waited_out(connection, other):
    begin(connection)

    with pytest.raises(OperationalError, match="this thread"):
        count_up(other)


def test_a_reader_does_not_wait(connection, other):
    begin(connection)
    count_up(connection)

    assert number(other) == 0


def test_waiting_ends_with_the_timeout_and_a_later_try_gets_its_turn(path, connection):
    holder = run(FORKER, path)
    child = int(holder.stdout.readline())
    try:
        with pytest.raises(OperationalError, match="no turn"):
            count_up(connection)
    finally:
        holder.kill()
        holder.wait()
        os.kill(child, signal.SIGKILL)
        holder.stdout.close()
    count_up(connection)

    assert number(connection) == 1


def test_a_killed_writer_frees_the_turn_though_its_child_lives_on(path, connection):
    holder = run(FORKER, path)
    child = int(holder.stdout.readline())
    holder.kill()
    holder.wait()
    try:
        count_up(connection)
        assert number(connection) == 1
    finally:
        os.kill(child, signal.SIGKILL)
        holder.stdout.close()


def test_a_savepoint_keeps_the_turn_of_its_transaction(path, connection, other):
    begin(connection)
    connection.in_atomic_block = True
    connection.savepoint_rollback(connection.savepoint())

    with pytest.raises(OperationalError):
        count_up(other)


def test_a_transaction_that_cannot_begin_gives_the_turn(path, connection, other):
    with closing(sqlite3.connect(path, isolation_level=None)) as outsider:
        outsider.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError):
            begin(connection)
    count_up(other)

    assert number(other) == 1


def test_a_thread_that_ends_without_closing_gives_the_turn(path, connection):
    thread = threading.Thread(target=lambda: begin(handler(path)["default"]))
    thread.start()
    thread.join()
    gc.collect()
    count_up(connection)

    assert number(connection) == 1
