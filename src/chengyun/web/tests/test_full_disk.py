"""A full disk: reading goes on, writing is refused in words that people understand, and nothing is changed."""

import pytest
from django.core.files.base import ContentFile

from chengyun.core import disk
from chengyun.core.disk import Level

pytestmark = pytest.mark.django_db


@pytest.fixture
def at_level(monkeypatch, tmp_path):
    def put(level):
        monkeypatch.setattr(disk, "state", lambda: disk.State(level, tmp_path, 10**6, None))

    return put


def test_writing_is_refused_with_a_page(client, at_level):
    at_level(Level.NO_WRITES)
    answer = client.post("/report/new", {"words": "路灯不亮"})
    assert answer.status_code == 507
    assert "磁盘已满" in answer.content.decode()


def test_a_program_gets_a_problem(client, at_level):
    at_level(Level.NO_WRITES)
    answer = client.post("/api/v1/reports", "{}", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (507, "application/problem+json")


def test_reading_goes_on_under_a_banner(client, at_level, django_user_model):
    client.force_login(
        django_user_model.objects.create(username="a", name="甲"), "django.contrib.auth.backends.ModelBackend"
    )
    at_level(Level.NO_WRITES)
    answer = client.get("/cases/all")
    assert answer.status_code == 200
    assert "暂停写入，只能查看" in answer.content.decode()


def test_logging_in_stays_possible(client, at_level):
    at_level(Level.NO_WRITES)
    assert client.post("/login", {"username": "x", "password": "y"}).status_code != 507


@pytest.mark.parametrize("level", [Level.LOW, Level.NO_UPLOADS])
def test_before_it_is_full_work_goes_on(client, at_level, level):
    at_level(level)
    assert client.post("/report/new").status_code != 507


def test_a_low_disk_is_the_administrators_matter(client, at_level, django_user_model):
    client.force_login(
        django_user_model.objects.create(username="a", name="甲"), "django.contrib.auth.backends.ModelBackend"
    )
    at_level(Level.LOW)
    assert "空间不多" not in client.get("/cases/all").content.decode()


def test_files_are_refused_before_words_are(client, at_level, django_user_model):
    user = django_user_model.objects.create(username="a", name="甲")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    at_level(Level.NO_UPLOADS)
    answer = client.post("/report/new", {"words": "路灯不亮", "files": ContentFile(b"%PDF-1.7", name="a.pdf")})
    assert answer.status_code == 507
    assert "文件没有保存" in answer.content.decode()
