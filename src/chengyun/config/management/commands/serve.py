"""`chengyun serve`: pages and API on Granian, WSGI (docs/adr, DESIGN §2: 1.4–1.9 times gunicorn on SQLite)."""

import socket
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from chengyun.config import environment, logs, redirecting, statics, tls


class Command(BaseCommand):
    help = "启动网页服务（Granian）"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.LISTEN)
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--workers", type=int, default=environment.whole_number("CHENGYUN_WORKERS", 2, least=1))
        parser.add_argument("--threads", type=int, default=environment.whole_number("CHENGYUN_THREADS", 4, least=1))
        parser.add_argument("--tls", action="store_true", help="HTTPS；没有证书时自己签一个")
        parser.add_argument("--cert", type=Path, default=settings.TLS_CERT, help="证书（PEM，含中间证书）")
        parser.add_argument("--key", type=Path, default=settings.TLS_KEY, help="私钥（PEM）")
        parser.add_argument("--redirect-port", type=int, metavar="N", help="在此端口把 HTTP 转到 HTTPS")

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_unprepared_database()
        refuse_taken_port(options["host"], options["port"])
        pair = self.certificate(options) if options["tls"] else None
        if pair and options["redirect_port"]:
            refuse_taken_port(options["host"], options["redirect_port"])
            redirecting.start(options["host"], options["redirect_port"], to=options["port"])
        statics.collect()
        connection.close()
        serve(options["host"], options["port"], workers=options["workers"], threads=options["threads"], pair=pair)

    def certificate(self, options: dict[str, Any]) -> tls.Pair:
        """The given pair, or a new self-signed one; its fingerprint is for whoever has to trust it."""
        pair = tls.Pair(options["cert"], options["key"])
        if pair.certificate.exists() != pair.key.exists():
            present, absent = sorted((pair.certificate, pair.key), key=lambda file: not file.exists())
            message = _("有 %(present)s 却没有 %(absent)s，请把证书和私钥放齐，或都移走以便重新生成。")
            raise CommandError(message % {"present": present, "absent": absent})
        if not pair.certificate.exists():
            tls.make(pair, tls.names_of_this_machine(settings.ALLOWED_HOSTS, options["host"]))
            self.stdout.write(_("已生成自签证书：%(file)s") % {"file": pair.certificate})
        self.stdout.write(_("证书指纹（SHA-256）：%(fingerprint)s") % {"fingerprint": pair.fingerprint})
        self.stdout.flush()
        return pair


def refuse_unprepared_database() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise CommandError(_("数据库尚未准备好或版本较旧，请先运行 chengyun setup。"))


def refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            message = _("地址 %(host)s 的端口 %(port)s 不能使用（可能已被占用），请用 --port 换一个。")
            raise CommandError(message % {"host": host, "port": port}) from error


def serve(host: str, port: int, *, workers: int, threads: int, pair: tls.Pair | None = None) -> None:
    from granian import Granian
    from granian.constants import Interfaces, SSLProtocols

    Granian(
        "chengyun.config.worker_process:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=threads,
        websockets=False,
        ssl_cert=pair.certificate if pair else None,
        ssl_key=pair.key if pair else None,
        # A county's desks have browsers of many years.
        ssl_protocol_min=SSLProtocols.tls12,
        respawn_failed_workers=True,
        # Two deaths within this time look like a crash loop and end the server; whatever supervises it decides then.
        respawn_interval=1,
        # A request is short; a worker that has not ended by then is stuck.
        workers_kill_timeout=15,
        log_dictconfig=logs.logging_config(json=settings.PRODUCTION, level="INFO", directory=settings.LOG_DIR),
    ).serve()
