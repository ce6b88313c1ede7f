"""The machine under the program."""

from __future__ import annotations

import json
import ssl
import sys
import tempfile
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from chengyun.core import disk as disks
from chengyun.insight.word import libreoffice as offices
from chengyun.operations import clock as clocks
from chengyun.operations.checks.finding import Finding, fault, ok, warning

LEAST_PYTHON = (3, 11)
FONT_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
FONT_NAMES = ("*cjk*", "*sourcehan*", "*simsun*", "*simhei*", "*fangsong*", "*wqy*", "*uming*", "*notosanssc*")
ANSWER_S = 3


def python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < LEAST_PYTHON:
        yield fault(
            "python", _("Python %(version)s 太旧。") % {"version": version}, _("请用 Python 3.11 或更新的版本。")
        )
    else:
        yield ok("python", _("Python %(version)s。") % {"version": version})


def disk() -> Iterator[Finding]:
    found = disks.state()
    values = {"folder": found.folder, "mb": found.free // 1024 // 1024, "inodes": found.inodes}
    if found.inodes is not None and found.inodes < disks.INODES_WARN:
        said = _("%(folder)s 所在磁盘只剩 %(inodes)d 个索引节点。") % values
        yield fault("inodes", said, _("请删除或归并大量小文件，或换一个索引节点更多的文件系统。"))
    said, remedy = _("%(folder)s 所在磁盘还有 %(mb)d MB。") % values, _("请清理磁盘，或把旧备份移到别处。")
    if found.level >= disks.Level.NO_UPLOADS:
        yield fault("disk", said, remedy)
    elif found.level == disks.Level.LOW:
        yield warning("disk", said, remedy)
    else:
        yield ok("disk", said)


def data_directory() -> Iterator[Finding]:
    folder = Path(settings.DATA_DIR)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        said = _("数据目录 %(folder)s 不能写入（%(why)s）。") % {"folder": folder, "why": error.strerror}
        yield fault("data_directory", said, _("请检查 CHENGYUN_DATA，并用安装时的系统用户运行。"))
    else:
        yield ok("data_directory", _("数据目录 %(folder)s 可以写入。") % {"folder": folder})


def fonts() -> Iterator[Finding]:
    """Pages printed by a browser on this machine, and Word files turned to PDF, need Chinese letters."""
    if _has_chinese_font():
        yield ok("fonts", _("有中文字体。"))
    else:
        yield warning(
            "fonts", _("没有中文字体，在本机打印会缺字。"), _("请安装中文字体（apt install fonts-noto-cjk）。")
        )


def _has_chinese_font() -> bool:
    places = [Path(place).expanduser() for place in FONT_PLACES]
    wanted = tuple(name.strip("*") for name in FONT_NAMES)
    return any(any(name in file.name.lower() for name in wanted) for place in places for file in place.rglob("*.*"))


def libreoffice() -> Iterator[Finding]:
    """Not needed: only PDF in Word's layout comes from it. Named in the settings, it has to be there."""
    found = offices.program()
    if found:
        yield ok("libreoffice", _("有 LibreOffice（%(place)s），报表可以按 Word 版式生成 PDF。") % {"place": found})
    elif settings.SOFFICE not in ("", offices.NOWHERE):
        said = _("CHENGYUN_SOFFICE 指定的 %(place)s 不存在或不能运行。") % {"place": settings.SOFFICE}
        yield warning("libreoffice", said, _("请改正路径，或去掉这个环境变量。"))
    else:
        yield ok(
            "libreoffice",
            _("没有 LibreOffice，报表不提供 Word 版式的 PDF；需要时安装它（apt install libreoffice-writer-nogui）。"),
        )


def web() -> Iterator[Finding]:
    """Whether the configured port is ours, a stranger's, or silent."""
    place = {"host": settings.LISTEN, "port": settings.PORT}
    answers = [answer for tls in (False, True) if (answer := _answer(tls=tls)) is not None]
    if "ok" in answers:
        yield ok("web", _("网页服务在 %(host)s:%(port)d 应答。") % place)
    elif answers:
        said = _("%(host)s:%(port)d 被别的程序占用。") % place
        yield fault("web", said, _("请停掉占用端口的程序，或用 CHENGYUN_PORT 换一个端口。"))
    else:
        said = _("网页服务没有在 %(host)s:%(port)d 运行。") % place
        yield warning("web", said, _("请启动 chengyun serve（或 systemctl start chengyun-web）。"))


def _answer(*, tls: bool) -> str | None:
    """`ok` from our own server, something else from a stranger, None where nobody listens."""
    host = "127.0.0.1" if settings.LISTEN in ("0.0.0.0", "::", "") else settings.LISTEN
    # Only whether it is ours is asked; its certificate is looked at elsewhere.
    unchecked = ssl._create_unverified_context()
    connection = (
        HTTPSConnection(host, settings.PORT, timeout=ANSWER_S, context=unchecked)
        if tls
        else HTTPConnection(host, settings.PORT, timeout=ANSWER_S)
    )
    try:
        connection.connect()
    except ConnectionError:
        return None
    except OSError:  # it listens and speaks no TLS, or not in time
        return ""
    try:
        connection.request("GET", "/health/live", headers={"Host": "127.0.0.1"})
        return str(json.loads(connection.getresponse().read())["status"])
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return ""
    finally:
        connection.close()


def clock() -> Iterator[Finding]:
    """Against the newest row, the files that we wrote, and the database's own clock."""
    remedy = _("请校准时间并打开网络对时（timedatectl set-ntp true），再重启服务。")
    ahead = max(clocks.ahead_of_us(), _files_ahead())
    apart = abs(clocks.from_database())
    if ahead > clocks.SKEW_S:
        yield fault("clock", _("已有数据比本机时间晚 %(s)d 秒，时钟可能被拨回。") % {"s": ahead}, remedy)
    elif apart > clocks.SKEW_S:
        yield fault("clock", _("本机与数据库服务器的时钟相差 %(s)d 秒。") % {"s": apart}, remedy)
    else:
        yield ok("clock", _("时钟与数据一致。"))


def _files_ahead() -> float:
    times = [file.stat().st_mtime for file in Path(settings.DATA_DIR).glob("*") if file.is_file()]
    return max([*times, 0.0]) - time.time()
