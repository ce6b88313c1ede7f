"""Each fault is produced for real and named by its code; what is well is not complained of."""

import datetime as dt
import json
import os
import socket
import threading
import uuid
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.core.management import call_command
from django.db import connection

from chengyun.core import events, handlers, history, instants
from chengyun.core.models import HandlerCursor, HandlerFailure, JobLease, Schedule
from chengyun.operations import work
from chengyun.operations.backups import store
from chengyun.operations.checks import Level, database, keeping, machine, rounds, safety
from chengyun.operations.checks import work as working
from chengyun.people.access import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_places(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir(mode=0o700)
    settings.BACKUP_DIR = tmp_path / "backups"
    settings.TLS_CERT = settings.DATA_DIR / "cert.pem"
    return settings


def found(check):
    return {each.code: each.level for each in check()}


def ago(**period):
    return instants.now() - dt.timedelta(**period)


class TestMachine:
    def test_an_old_python(self, monkeypatch):
        monkeypatch.setattr(machine, "LEAST_PYTHON", (3, 99))
        assert found(machine.python) == {"python": Level.FAULT}

    def test_a_disk_with_less_room_than_wanted(self, settings):
        settings.DISK_WARN_BYTES = 10**18
        assert found(machine.disk)["disk"] == Level.WARNING
        settings.DISK_NO_UPLOADS_BYTES = 10**18
        assert found(machine.disk)["disk"] == Level.FAULT

    def test_a_data_directory_that_cannot_be_written(self, settings, tmp_path):
        (tmp_path / "file").write_text("")
        settings.DATA_DIR = tmp_path / "file" / "data"
        assert found(machine.data_directory) == {"data_directory": Level.FAULT}

    def test_no_chinese_font(self, monkeypatch, tmp_path):
        monkeypatch.setattr(machine, "FONT_PLACES", (str(tmp_path),))
        assert found(machine.fonts) == {"fonts": Level.WARNING}

    def test_libreoffice_that_is_named_and_not_there(self, settings, tmp_path):
        settings.SOFFICE = str(tmp_path / "soffice")
        assert found(machine.libreoffice) == {"libreoffice": Level.WARNING}
        settings.SOFFICE = "-"
        assert found(machine.libreoffice) == {"libreoffice": Level.OK}

    def test_a_row_from_the_future(self):
        with instants.at(instants.now() + dt.timedelta(hours=1)):
            events.append("case.step", "case:1")
        assert found(machine.clock) == {"clock": Level.FAULT}

    def test_a_file_from_the_future(self, settings):
        file = settings.DATA_DIR / "file"
        file.write_text("")
        later = instants.now().timestamp() + 3600
        os.utime(file, (later, later))
        assert found(machine.clock) == {"clock": Level.FAULT}

    def test_a_clock_that_agrees(self):
        events.append("case.step", "case:1")
        assert found(machine.clock) == {"clock": Level.OK}

    def test_nobody_at_our_port(self, settings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            settings.PORT = free.getsockname()[1]
        assert found(machine.web) == {"web": Level.WARNING}

    @pytest.mark.parametrize(("answer", "level"), [(b'{"status": "ok"}', Level.OK), (b"<html>", Level.FAULT)])
    def test_who_is_at_our_port(self, settings, answer, level):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args):
                pass

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            settings.PORT = server.server_port
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            assert found(machine.web) == {"web": level}
            server.shutdown()
            thread.join()


class TestSafety:
    def test_known_secrets(self, settings):
        settings.SECRET_FAULTS = ["CHENGYUN_SEAL_KEY"]
        settings.PRODUCTION = True
        assert found(safety.secrets) == {"secrets": Level.FAULT}

    def test_a_secrets_file_that_others_can_read(self, settings):
        file = settings.DATA_DIR / "env"
        file.write_text("")
        file.chmod(0o640)
        assert found(safety.permissions)["permissions"] == Level.FAULT
        file.chmod(0o600)
        assert str(file) not in str(list(safety.permissions()))

    @pytest.mark.parametrize(("days", "level"), [(-1, Level.FAULT), (5, Level.WARNING), (90, Level.OK)])
    def test_a_certificate_runs_out(self, settings, days, level):
        settings.TLS_CERT.write_bytes(certificate(days))
        assert found(safety.certificates) == {"certificate": level}

    def test_a_proxy_that_is_not_named(self, settings):
        settings.BEHIND_PROXY = True
        assert found(safety.proxies) == {"proxies": Level.WARNING}


def certificate(days):
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(ago(days=100)).not_valid_after(instants.now() + dt.timedelta(days=days, hours=1))
    return made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


class TestKeeping:
    def backup(self, settings, **period):
        folder = settings.BACKUP_DIR / store.name_at(ago(**period))
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")

    def test_none(self):
        assert found(keeping.backups)["backup"] == Level.WARNING

    @pytest.mark.parametrize(("days", "level"), [(0, Level.OK), (2, Level.WARNING), (10, Level.FAULT)])
    def test_its_age(self, settings, days, level):
        self.backup(settings, days=days)
        assert found(keeping.backups)["backup"] == level

    def test_one_that_was_killed(self, settings):
        (settings.BACKUP_DIR / "chengyun-20260101T000000Z.part").mkdir(parents=True)
        assert found(keeping.backups)["backup_unfinished"] == Level.WARNING

    @pytest.mark.postgres
    def test_no_pg_dump(self, monkeypatch):
        monkeypatch.setenv("PATH", "/nowhere")
        assert found(keeping.backups)["pg_dump"] == Level.FAULT

    def test_no_log_files_in_production(self, settings):
        settings.LOG_DIR, settings.PRODUCTION = None, True
        assert found(keeping.logs) == {"logs": Level.WARNING}


class TestDatabase:
    @pytest.mark.sqlite
    def test_a_row_may_be_lost_at_a_power_cut(self):
        # The suite itself runs so.
        assert found(database.durability) == {"database_settings": Level.FAULT}

    @pytest.mark.postgres
    @pytest.mark.parametrize("setting", ["synchronous_commit = off", "jit = on"])
    def test_a_setting_that_is_not_ours(self, setting):
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL {setting}")
        said = " ".join(each.said for each in database.durability())
        assert setting.replace(" ", "") in said

    def test_an_old_version(self, monkeypatch):
        monkeypatch.setattr(database, "LEAST_SQLITE", (99,))
        monkeypatch.setattr(database, "LEAST_POSTGRES", 99)
        assert found(database.version) == {"database_version": Level.FAULT}

    def test_the_database_is_newer_than_the_program(self):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '0999_later', %s)",
                [instants.now()],
            )
        (told,) = database.migrations()
        assert (told.code, told.level, "比程序新" in told.said) == ("migrations", Level.FAULT, True)

    def test_a_migration_is_missing_and_nothing_more_is_asked(self):
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM django_migrations WHERE app = 'people'")
        codes = found(rounds.examine)
        assert codes["migrations"] == Level.FAULT
        assert "worker" not in codes

    def test_an_empty_installation(self):
        expected = {"catalogue": Level.FAULT, "accounts": Level.FAULT, "regions": Level.WARNING}
        assert found(database.contents) == expected


class TestWork:
    def test_a_worker_that_never_ran_and_one_that_fell_silent(self):
        assert found(working.worker) == {"worker": Level.FAULT}
        row = Schedule.objects.create(name="x", due_at=ago(minutes=9), finished_at=ago(minutes=9))
        assert found(working.worker) == {"worker": Level.FAULT}
        Schedule.objects.filter(pk=row.pk).update(finished_at=instants.now())
        assert found(working.worker) == {"worker": Level.OK}

    def test_a_lease_that_nobody_takes_back(self):
        JobLease.objects.create(task_id=uuid.uuid4(), worker="gone", until=ago(hours=1))
        assert found(working.worker)["leases"] == Level.WARNING

    def test_a_handler_behind_and_a_handler_stuck(self):
        work.lags()
        name = handlers.names()[0]
        with instants.at(ago(hours=1)):
            events.append(min(handlers.kinds_of(name)), "case:1")
        row = HandlerCursor.objects.create(name=name)
        assert found(working.outbox) == {"outbox": Level.WARNING}
        HandlerCursor.objects.filter(pk=row.pk).update(tries=3)
        assert found(working.outbox) == {"outbox": Level.FAULT}

    def test_what_was_left_behind(self):
        event = events.append("case.step", "case:1")
        HandlerFailure.objects.create(handler="x", event=event, at=instants.now(), tries=8, error="boom")
        Schedule.objects.create(name="y", due_at=instants.now(), error="Traceback\nValueError: boom")
        assert found(working.failures) == {"failed_events": Level.WARNING, "schedules": Level.WARNING}

    def test_history_that_is_not_sealed(self):
        with instants.at(ago(hours=3)):
            history.record("setting:x", "setting.changed", {}, by=SYSTEM)
            history.seal()
        with instants.at(ago(hours=1)):
            events.append("case.step", "case:1")
        assert found(working.seals) == {"seals": Level.WARNING}


def test_a_check_that_breaks_does_not_end_the_round(monkeypatch):
    def broken():
        raise RuntimeError

    monkeypatch.setattr(rounds, "ALWAYS", (broken, machine.python))
    assert list(found(rounds.examine))[:2] == ["broken", "python"]


def test_for_programs_there_is_json_and_an_exit_code():
    said = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json", stdout=said)
    findings = json.loads(said.getvalue())
    assert ended.value.code == 1
    assert all(each["remedy"] for each in findings if each["level"] != "ok")
    assert all(each["said"].endswith("。") for each in findings)
