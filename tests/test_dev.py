"""./dev says what is wrong in a sentence."""

import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def dev(tmp_path, monkeypatch):
    loader = SourceFileLoader("dev", str(ROOT / "dev"))
    module = module_from_spec(spec_from_loader("dev", loader))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    for name, path in {"HOME": tmp_path, "VENV": tmp_path / "venv", "BIN": tmp_path / "venv" / "bin"}.items():
        monkeypatch.setattr(module, name, path)
    monkeypatch.setattr(module, "MARK", tmp_path / "venv" / "installed.json")
    return module


def test_an_old_python_is_named(dev, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(dev.Trouble, match=r"Python 3\.11 or newer, this is 3\.9\.1"):
        dev.use_a_new_enough_python()


def test_a_taken_port_is_named(dev):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(dev.Trouble, match=f"Port {port} is taken"):
            dev.refuse_taken_port(port)


def test_a_number_that_is_no_port_is_refused(dev):
    with pytest.raises(dev.Trouble, match="no port number"):
        dev.refuse_taken_port(70000)


def test_a_full_disk_is_named(dev, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(1, 1, 5 * 1024 * 1024))
    with pytest.raises(dev.Trouble, match="5 MB free"):
        dev.refuse_full_disk("full")


def test_a_missing_venv_module_names_the_remedy(dev, monkeypatch):
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(dev.Trouble, match=r"-venv"):
        dev.install_with_pip("full")


def finish_install(dev, kind):
    dev.BIN.mkdir(parents=True)
    (dev.BIN / "python").write_text("")
    dev.MARK.write_text(dev.json.dumps(dev.wanted_mark(kind)))


def test_a_finished_install_is_found_again(dev):
    assert not dev.is_installed("full")
    finish_install(dev, "full")
    assert dev.is_installed("full")


def test_the_development_environment_serves_the_demo_too(dev):
    finish_install(dev, "dev")
    assert dev.is_installed("full")


def test_an_interrupted_install_is_begun_again(dev):
    finish_install(dev, "full")
    dev.MARK.unlink()
    assert not dev.is_installed("full")


def test_other_pins_mean_another_install(dev):
    finish_install(dev, "full")
    assert not dev.is_installed("dev")


def test_an_unknown_option_is_a_sentence():
    result = subprocess.run([sys.executable, "dev", "demo", "--nonsense"], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 1
    assert "--nonsense" in result.stderr
    assert "Traceback" not in result.stderr
