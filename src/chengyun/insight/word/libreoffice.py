"""LibreOffice, where the machine has it: a Word file as PDF, laid out as Word lays it out.

What goes through it may come from an upload. So it runs as a process of its own with a profile of its own that runs no
macro and follows no link, knows none of our secrets, and is ended when its time is over.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import structlog
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

NAMES: Final = ("soffice", "libreoffice")
NOWHERE: Final = "-"
SECONDS: Final = 120
LARGEST: Final = 64 * 1024 * 1024
ARGUMENTS: Final = (
    "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo", "--nofirststartwizard",
    "--convert-to", "pdf:writer_pdf_Export",
)  # fmt: skip
# Path, name and value of what its profile is told.
CAREFUL: Final = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "2"),
)

log = structlog.get_logger(__name__)


class Fault(models.TextChoices):
    ABSENT = "absent", _("没有安装 LibreOffice，不能按 Word 版式生成 PDF")
    LATE = "late", _("LibreOffice 在两分钟内没有生成 PDF，请稍后再试")
    FAILED = "failed", _("LibreOffice 没有生成 PDF，请再试一次；仍不成功时请检查模板或联系系统管理员")


class NotMade(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def program() -> str:
    """Its path; blank where there is none, or where the installation wants none."""
    if settings.SOFFICE == NOWHERE:
        return ""
    names = (settings.SOFFICE,) if settings.SOFFICE else NAMES
    return next((found for name in names if (found := shutil.which(name))), "")


def as_pdf(word: bytes, *, seconds: float = SECONDS) -> bytes:
    """Takes seconds: for jobs, never for a page. Raises NotMade."""
    found = program()
    if not found:
        raise NotMade(Fault.ABSENT)
    with tempfile.TemporaryDirectory(prefix="chengyun-word-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        (folder / "paper.docx").write_bytes(word)
        _write_profile(folder / "profile" / "user")
        _run(
            [found, f"-env:UserInstallation={(folder / 'profile').as_uri()}", *ARGUMENTS, "paper.docx"], folder, seconds
        )
        return _read(folder / "paper.pdf")


def _run(command: list[str], folder: Path, seconds: float) -> None:
    own = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "TMPDIR": str(folder), "LANG": "C.UTF-8"}
    # A group of its own: the program that is called starts others, and all of them have to end.
    process = subprocess.Popen(
        command, cwd=folder, env=own, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise NotMade(Fault.LATE) from None
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    if code:
        log.warning("word_not_converted", code=code)
        raise NotMade(Fault.FAILED)


def _read(made: Path) -> bytes:
    """It answers 0 also where it has made nothing."""
    if not made.is_file() or made.stat().st_size > LARGEST:
        raise NotMade(Fault.FAILED)
    content = made.read_bytes()
    if not content.startswith(b"%PDF-"):
        raise NotMade(Fault.FAILED)
    return content


def _write_profile(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, name, value in CAREFUL
    )
    (folder / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>\n',
        encoding="utf-8",
    )
