"""Request ids and log lines: useful to whoever looks for a fault, and silent about people."""

import datetime as dt
import gzip
import logging

import pytest

from chengyun.core import instants
from chengyun.operations import logfiles, requests

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("told", ["13812345678aaaaaaaa", "x" * 32, "张三", "a" * 100, "", "'; DROP TABLE"])
def test_an_id_that_could_be_anything_is_replaced(told):
    assert requests.accepted_id(told) != told


def test_the_proxys_id_goes_through_to_answer_and_page(client, settings):
    settings.BEHIND_PROXY = True
    told = "0123456789abcdef0123456789abcdef"
    answer = client.get("/nowhere-at-all", headers={"x-request-id": told})
    assert answer["X-Request-ID"] == told


def test_without_a_proxy_nobody_chooses_the_id(client):
    told = "0123456789abcdef0123456789abcdef"
    assert client.get("/health/live", headers={"x-request-id": told})["X-Request-ID"] != told


def test_an_error_page_shows_its_number(client, django_user_model):
    client.force_login(
        django_user_model.objects.create(username="a", name="甲"), "django.contrib.auth.backends.ModelBackend"
    )
    answer = client.get("/nowhere-at-all")
    assert answer["X-Request-ID"] in answer.content.decode()


def test_a_failed_login_is_logged_without_what_was_typed(client, caplog):
    with caplog.at_level(logging.INFO, logger="chengyun.signin"):
        client.post("/login", {"username": "13812345678", "password": "geheim"})
    assert "login failed" in caplog.text
    assert "13812345678" not in caplog.text and "geheim" not in caplog.text


class TestFiles:
    @pytest.fixture
    def write(self, tmp_path):
        handler = logfiles.DailyFile(tmp_path)
        yield lambda text: handler.emit(logging.LogRecord("x", 20, "", 1, text, None, None))
        handler.close()

    def test_each_day_has_its_file(self, write, tmp_path):
        for day in (1, 2):
            with instants.at(dt.datetime(2026, 3, day, 4, tzinfo=dt.UTC)):
                write("a\nb")
        assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {
            "chengyun-2026-03-01.log": "a\\nb\n",
            "chengyun-2026-03-02.log": "a\\nb\n",
        }

    def test_old_days_are_compressed_and_kept_for_half_a_year(self, tmp_path):
        for day in ("2026-03-01", "2025-09-01", "2025-08-20", "2026-03-02", "2026-03-03"):
            (tmp_path / f"chengyun-{day}.log").write_text(day)
        with instants.at(dt.datetime(2026, 3, 3, 4, tzinfo=dt.UTC)):
            logfiles.keep(tmp_path, 190)
        assert sorted(file.name for file in tmp_path.iterdir()) == [
            "chengyun-2025-09-01.log.gz",
            "chengyun-2026-03-01.log.gz",
            "chengyun-2026-03-02.log",
            "chengyun-2026-03-03.log",
        ]
        assert gzip.decompress((tmp_path / "chengyun-2026-03-01.log.gz").read_bytes()) == b"2026-03-01"

    def test_a_directory_that_cannot_be_written_holds_up_nobody(self, tmp_path, capsys):
        (tmp_path / "file").write_text("")
        handler = logfiles.DailyFile(tmp_path / "file" / "logs")
        handler.emit(logging.LogRecord("x", 20, "", 1, "text", None, None))
        assert "NotADirectoryError" in capsys.readouterr().err
