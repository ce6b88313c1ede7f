import os
import subprocess
import sys

import pytest
from django.core.cache import cache

from chengyun.core import events
from chengyun.operations import work
from chengyun.operations.metrics import folders

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked_anew():
    cache.clear()
    yield
    cache.clear()


def numbers(client, **headers):
    answer = client.get("/metrics", **headers)
    assert answer.status_code == 200
    lines = [line.rsplit(" ", 1) for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in lines}


def test_requests_are_counted_by_view(client):
    before = numbers(client).get('chengyun_requests_total{method="GET",status="200",view="live"}', 0)
    client.get("/health/live")
    assert numbers(client)['chengyun_requests_total{method="GET",status="200",view="live"}'] == before + 1


def test_statements_are_counted(client):
    client.get("/health")
    assert numbers(client)['chengyun_request_statements_sum{view="health"}'] >= 1


def test_a_made_up_address_makes_no_label(client):
    client.get("/13800000000/张三")
    assert not any("13800000000" in name or "张三" in name for name in numbers(client))


def test_the_disk_is_told(client):
    told = numbers(client)
    assert told["chengyun_disk_level"] >= 0
    assert told["chengyun_disk_free_bytes"] > 0


def test_strangers_get_none(client):
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403


def test_behind_a_proxy_being_local_proves_nothing(client, settings):
    settings.BEHIND_PROXY = True
    assert client.get("/metrics").status_code == 403


def test_a_token_opens_from_anywhere_and_is_needed_everywhere(client, settings):
    settings.METRICS_TOKEN = "t" * 20
    given = {"REMOTE_ADDR": "192.0.2.7", "HTTP_AUTHORIZATION": "Bearer " + "t" * 20}
    assert client.get("/metrics", **given).status_code == 200
    assert client.get("/metrics").status_code == 403


def test_a_handler_that_is_behind_shows_its_lag(client):
    from chengyun.core.models import HandlerCursor

    work.lags()
    name = next(name for name in work.handlers.names())
    HandlerCursor.objects.create(name=name)
    events.append(next(iter(work.handlers.kinds_of(name))), "case:1")
    assert numbers(client)[f'chengyun_outbox_waiting_events{{handler="{name}"}}'] == 1


COUNT = "from chengyun.operations.metrics.passing import served; served('v', 'GET', 200, 0.1, 3)"
TELL = (
    "from chengyun.operations.metrics import telling, facts; facts.metrics = lambda: []; print(telling.text().decode())"
)


def test_processes_of_a_server_add_up(tmp_path):
    (tmp_path / "metrics" / "serve-1").mkdir(parents=True)
    own = {**os.environ, folders.VARIABLE: str(tmp_path / "metrics" / "serve-1"), "DJANGO_SETTINGS_MODULE": ""}
    setup = "import django, os; os.environ['DJANGO_SETTINGS_MODULE']='chengyun.config.test_settings'; django.setup(); "
    for _process in range(2):
        subprocess.run([sys.executable, "-c", COUNT], env=own, check=True)
    told = subprocess.run([sys.executable, "-c", setup + TELL], env=own, check=True, capture_output=True, text=True)
    assert 'chengyun_requests_total{method="GET",status="200",view="v"} 2.0' in told.stdout


def test_folders_of_ended_servers_are_removed(tmp_path, monkeypatch):
    monkeypatch.setenv(folders.VARIABLE, "")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    (tmp_path / "metrics" / f"serve-{ended.pid}").mkdir(parents=True)
    folders.prepare(tmp_path, "serve")
    assert [each.name for each in (tmp_path / "metrics").iterdir()] == [f"serve-{os.getpid()}"]
