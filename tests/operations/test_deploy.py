"""The samples name commands and variables that exist, and what a county must not leave out."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands

DEPLOY = Path(__file__).resolve().parent.parent.parent / "deploy"
SETTINGS = (DEPLOY.parent / "docs" / "settings.md").read_text(encoding="utf-8")
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
SAMPLES = sorted(file for file in DEPLOY.rglob("*") if file.is_file())


def unit(file):
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read(file, encoding="utf-8")
    return parser


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.name)
def test_every_variable_exists(file):
    names = set(re.findall(r"\bCHENGYUN_[A-Z_]*[A-Z]\b", file.read_text(encoding="utf-8")))
    assert {name for name in names if f"`{name}`" not in SETTINGS} == set()


@pytest.mark.parametrize("file", SERVICES, ids=lambda file: file.name)
def test_a_unit_runs_a_command_of_ours_as_nobody_special(file):
    service = unit(file)["Service"]
    program, command = service["ExecStart"].split()[:2]
    assert (program, command in get_commands()) == ("/opt/chengyun/bin/chengyun", True)
    assert service["User"] == "chengyun"
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["UMask"]) == ("yes", "strict", "0077")


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_service_is_always_started_again(name):
    found = unit(DEPLOY / "systemd" / f"chengyun-{name}.service")
    assert (found["Service"]["Restart"], found["Unit"]["StartLimitIntervalSec"]) == ("always", "0")


def test_systemd_itself_takes_the_units(tmp_path):
    """With a program that exists; where there is no systemd the tests above have to do."""
    analyse = shutil.which("systemd-analyze")
    copies = [tmp_path / file.name for file in (DEPLOY / "systemd").iterdir()]
    for copy in copies:
        text = (DEPLOY / "systemd" / copy.name).read_text(encoding="utf-8")
        copy.write_text(text.replace("/opt/chengyun/bin/chengyun", "/bin/true"), encoding="utf-8")
    if analyse:
        done = subprocess.run([analyse, "verify", *map(str, copies)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, "")


class TestCompose:
    compose = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text(encoding="utf-8"))

    def test_its_services(self):
        assert set(self.compose["services"]) == {"web", "worker", "setup", "postgres", "nats"}

    def test_ours_run_commands_of_ours(self):
        commands = {self.compose["services"][name]["command"][1] for name in ("web", "worker", "setup")}
        assert commands == {"serve", "worker", "setup"} and commands <= set(get_commands())

    def test_what_must_last_is_in_volumes(self):
        mounted = {each.split(":")[0] for service in self.compose["services"].values() for each in service["volumes"]}
        assert mounted == set(self.compose["volumes"])

    def test_ours_wait_for_the_database_and_come_back(self):
        for name in ("web", "worker"):
            service = self.compose["services"][name]
            assert service["depends_on"] == {"postgres": {"condition": "service_healthy"}}
            assert service["restart"] == "always"

    def test_nothing_but_the_proxy_reaches_it(self):
        ports = {name: service.get("ports", []) for name, service in self.compose["services"].items()}
        assert {name: found for name, found in ports.items() if found} == {"web": ["127.0.0.1:8000:8000"]}

    def test_no_secret_has_a_default(self):
        given = self.compose["x-chengyun"]["environment"]
        assert all(given[name].endswith(":?}") for name in ("CHENGYUN_SECRET_KEY", "CHENGYUN_SEAL_KEY"))
        assert ":?}" in given["CHENGYUN_DATABASE"]


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_a_proxy_says_who_came_and_keeps_the_numbers_to_itself(name):
    text = (DEPLOY / name).read_text(encoding="utf-8")
    assert "X-Request-ID" in text
    assert "/metrics" in text
    assert text.count("{") == text.count("}")


def test_nginx_replaces_what_strangers_wrote():
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "X-Forwarded-For $remote_addr;" in text
    assert "proxy_add_x_forwarded_for" not in text
