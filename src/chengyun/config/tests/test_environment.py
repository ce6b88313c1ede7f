import os
import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from chengyun.config import environment


def test_a_sqlite_address_is_its_path():
    assert environment.database_address("sqlite:/data/a.sqlite3").name == "/data/a.sqlite3"


def test_a_postgres_address_is_taken_apart():
    address = environment.database_address("postgres://an:p%40ss@db.example:5433/county")
    assert (address.user, address.password, address.host, address.port) == ("an", "p@ss", "db.example", "5433")
    assert address.name == "county"


@pytest.mark.parametrize(
    "url", ["mysql://a/b", "", "sqlite:", "postgres://host/", "postgres://h:port/x", "postgres://h/a/b"]
)
def test_a_wrong_address_names_its_variable(url):
    with pytest.raises(ImproperlyConfigured, match="CHENGYUN_DATABASE"):
        environment.database_address(url)


def test_a_wrong_address_never_repeats_the_password():
    with pytest.raises(ImproperlyConfigured) as caught:
        environment.database_address("postgres://an:topsecret@host:x/county")
    assert "topsecret" not in str(caught.value)


def test_a_flag_is_nought_or_one(monkeypatch):
    monkeypatch.setenv("CHENGYUN_DEBUG", "yes")
    with pytest.raises(ImproperlyConfigured, match="CHENGYUN_DEBUG"):
        environment.flag("CHENGYUN_DEBUG")


def test_a_number_has_a_least(monkeypatch):
    monkeypatch.setenv("CHENGYUN_WORKERS", "0")
    with pytest.raises(ImproperlyConfigured, match="CHENGYUN_WORKERS"):
        environment.whole_number("CHENGYUN_WORKERS", 2, least=1)


@pytest.fixture
def no_secrets(monkeypatch):
    for name in environment.SECRETS:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


def test_missing_secrets_are_made_once(tmp_path, no_secrets):
    environment.prepare_secrets(tmp_path)
    first = environment.secrets_file(tmp_path).read_text()
    environment.prepare_secrets(tmp_path)
    assert environment.secrets_file(tmp_path).read_text() == first
    assert len(os.environ["CHENGYUN_SEAL_KEY"]) >= 32


def test_secrets_are_their_owners_alone(tmp_path, no_secrets):
    environment.prepare_secrets(tmp_path)
    assert stat.S_IMODE(environment.secrets_file(tmp_path).stat().st_mode) == 0o600


def test_the_environment_wins_over_the_file(tmp_path, no_secrets, monkeypatch):
    environment.secrets_file(tmp_path).write_text("CHENGYUN_SECRET_KEY=from-the-file\n")
    monkeypatch.setenv("CHENGYUN_SECRET_KEY", "from-the-environment")
    environment.load_secrets(tmp_path)
    assert os.environ["CHENGYUN_SECRET_KEY"] == "from-the-environment"
