"""Secrets, permissions, certificates, proxies."""

from __future__ import annotations

import datetime as dt
import stat
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.utils.translation import gettext as _

from chengyun.core.instants import now
from chengyun.operations.checks.finding import Finding, fault, ok, warning

SOON = dt.timedelta(days=30)


def secrets() -> Iterator[Finding]:
    for said in settings.SECRET_FAULTS:
        remedy = _("请运行 chengyun setup 生成，或在环境变量里设置，并在本机之外留存一份。")
        yield fault("secrets", said, remedy) if settings.PRODUCTION else warning("secrets", said, remedy)
    if not settings.SECRET_FAULTS:
        yield ok("secrets", _("密钥是自己的。"))


def permissions() -> Iterator[Finding]:
    """Everything in the data directory holds personal data or secrets."""
    folder = Path(settings.DATA_DIR)
    if not folder.is_dir():
        return
    database = Path(str(settings.DATABASES["default"]["NAME"]))
    # SQLite keeps the newest rows beside its file.
    beside = (database.with_name(database.name + ending) for ending in ("", "-wal", "-shm"))
    open_to_others = [file for file in {folder / "env", folder / "tls" / "key.pem", *beside} if _is_open(file)]
    for file in sorted(open_to_others):
        said = _("%(file)s 可被本机其他用户读取。") % {"file": file}
        yield fault("permissions", said, _("请运行 chmod 600 %(file)s。") % {"file": file})
    if not open_to_others:
        yield ok("permissions", _("密钥和数据库只有本用户可读。"))


def _is_open(file: Path) -> bool:
    return file.is_file() and bool(stat.S_IMODE(file.stat().st_mode) & 0o077)


def certificates() -> Iterator[Finding]:
    file = Path(settings.TLS_CERT)
    if not file.is_file():
        return
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    left = certificate.not_valid_after_utc - now()
    values = {"file": file, "day": certificate.not_valid_after_utc.date()}
    remedy = _("请换上新证书后重启网页服务；自签证书删除后会重新生成。")
    if left <= dt.timedelta():
        yield fault("certificate", _("证书 %(file)s 已于 %(day)s 过期。") % values, remedy)
    elif left < SOON:
        yield warning("certificate", _("证书 %(file)s 将于 %(day)s 过期。") % values, remedy)
    else:
        yield ok("certificate", _("证书 %(file)s 有效至 %(day)s。") % values)


def proxies() -> Iterator[Finding]:
    if settings.BEHIND_PROXY and not settings.TRUSTED_PROXIES:
        said = _("X-Forwarded-Proto 来自谁都会被相信，登录锁定只看得到代理的地址。")
        yield warning("proxies", said, _("请用 CHENGYUN_PROXIES 写明反向代理的地址。"))
