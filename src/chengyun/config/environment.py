"""Reading the environment. Every variable stands in docs/settings.md; a test compares.

Sentences here are plain Chinese, not marked for translation: they are said before Django is set up.
"""

import datetime as dt
import os
import secrets
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

DEFAULT_SECRET_KEY = "insecure-development-key-that-production-refuses-to-start-with"
DEFAULT_SEAL_KEY = "insecure-development-seal-key"
MODES = ("development", "production")
# What `chengyun setup` invents when nobody gave them.
SECRETS = ("CHENGYUN_SECRET_KEY", "CHENGYUN_SEAL_KEY")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    value = text(name)
    if value not in ("", "0", "1"):
        raise ImproperlyConfigured(f"环境变量 {name} 只能是 0 或 1，现在是“{value}”。")
    return value == "1" if value else default


def whole_number(name: str, default: int, *, least: int = 0) -> int:
    value = text(name) or str(default)
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"环境变量 {name} 应是不小于 {least} 的整数，现在是“{value}”。")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def directory(name: str, default: Path | None) -> Path | None:
    """A directory; `-` says that there shall be none."""
    value = text(name)
    if value == "-":
        return None
    return Path(value).resolve() if value else default


def time_of_day(name: str) -> dt.time | None:
    value = text(name)
    try:
        return dt.time.fromisoformat(value) if value else None
    except ValueError as error:
        raise ImproperlyConfigured(f"环境变量 {name} 应是 HH:MM 形式的时刻，现在是“{value}”。") from error


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"环境变量 {name} 应是逗号分隔的 IP 地址或网段，现在是“{text(name)}”。") from error


def mode() -> str:
    value = text("CHENGYUN_MODE", "development")
    if value not in MODES:
        raise ImproperlyConfigured(f"环境变量 CHENGYUN_MODE 只能是 development 或 production，现在是“{value}”。")
    return value


def data_dir() -> Path:
    return Path(text("CHENGYUN_DATA", "var")).resolve()


@dataclass(frozen=True)
class DatabaseAddress:
    engine: str  # "sqlite" or "postgres"
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""


def database_address(url: str) -> DatabaseAddress:
    """Read `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/NAME`; never repeats the password in an error."""
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError as error:
        raise ImproperlyConfigured(
            "环境变量 CHENGYUN_DATABASE 的主机或端口写错了，应形如 postgres://用户:口令@主机:端口/库名。"
        ) from error
    if parts.scheme == "sqlite" and parts.path:
        return DatabaseAddress("sqlite", unquote(parts.path) if not parts.netloc else parts.path)
    if parts.scheme in ("postgres", "postgresql"):
        name = unquote(parts.path.lstrip("/"))
        if not name or "/" in name:
            raise ImproperlyConfigured(
                "环境变量 CHENGYUN_DATABASE 缺少库名，应形如 postgres://用户:口令@主机:端口/库名。"
            )
        return DatabaseAddress(
            "postgres", name, unquote(parts.username or ""), unquote(parts.password or ""), parts.hostname or "", port
        )
    raise ImproperlyConfigured(
        "环境变量 CHENGYUN_DATABASE 应形如 sqlite:文件路径 或 postgres://用户:口令@主机:端口/库名。"
    )


def secrets_file(directory: Path) -> Path:
    return directory / "env"


def load_secrets(directory: Path) -> None:
    """Take what the data directory's `env` file holds, unless the environment already says it."""
    try:
        lines = secrets_file(directory).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return
    except PermissionError as error:
        raise ImproperlyConfigured(f"没有权限读取 {secrets_file(directory)}，请用安装时的系统用户运行。") from error
    for line in lines:
        name, found, value = line.partition("=")
        if found and not line.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip())


def prepare_secrets(directory: Path) -> None:
    """Write the missing secrets into the data directory, readable by its owner only; running twice changes nothing."""
    load_secrets(directory)
    missing = [name for name in SECRETS if not text(name)]
    if not missing:
        return
    directory.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(secrets_file(directory), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as file:
        file.writelines(f"{name}={secrets.token_urlsafe(48)}\n" for name in missing)
        file.flush()
        os.fsync(file.fileno())
    load_secrets(directory)
