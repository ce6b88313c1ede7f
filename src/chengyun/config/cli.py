"""The one program, `chengyun`: Django's commands and the product's own under one name."""

import json
import os
import sys

from django.core.exceptions import ImproperlyConfigured

from chengyun.config import environment, startup
from chengyun.operations.metrics import folders

# These make an installation; the others only use one.
MAKES_SECRETS = ("setup", "demo")
SERVES = ("serve", "worker")
IMPORTS = ("import", "load")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chengyun.config.settings")
    # Database, pictures and exports hold personal data: nobody else on the machine reads what we write.
    os.umask(0o077)
    import django
    from django.core.management import execute_from_command_line

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        prepare(command)
        django.setup()
        refuse_imports_on_a_full_disk(command)
        execute_from_command_line(joined(sys.argv))
    except ImproperlyConfigured as error:
        sys.exit(as_finding(str(error)) if command == "doctor" and "--json" in sys.argv else str(error))


def as_finding(said: str) -> str:
    """What keeps the settings from being read is the doctor's first finding."""
    finding = {"code": "settings", "level": "fault", "said": said, "remedy": "请按提示改正环境变量后再运行。"}
    sys.stdout.write(json.dumps([finding], ensure_ascii=False, indent=1) + "\n")
    return ""


def joined(arguments: list[str]) -> list[str]:
    """`chengyun load catalogues` is Django's `load_catalogues`: words and hyphens read better than underscores."""
    from django.core.management import get_commands

    known = get_commands()
    for words in (3, 2):
        name = "_".join(arguments[1 : 1 + words]).replace("-", "_")
        if len(arguments) > words and name in known:
            return [arguments[0], name, *arguments[1 + words :]]
    return arguments


def prepare(command: str) -> None:
    """Secrets from the data directory, and a refusal to start where work would fail half-way."""
    directory = environment.data_dir()
    if command in MAKES_SECRETS:
        prepare_directory()
    environment.load_secrets(directory)
    if command == "serve" and "--tls" in sys.argv:
        os.environ["CHENGYUN_HTTPS"] = "1"  # secure cookies, HSTS, no plain HTTP
    if command in SERVES:
        folders.prepare(directory, command)
    if command in SERVES and environment.mode() == "production":
        faults = startup.disk_faults(directory)
        if faults:
            raise ImproperlyConfigured("\n".join(faults))


def refuse_imports_on_a_full_disk(command: str) -> None:
    from chengyun.core import disk

    if command.partition("_")[0] in IMPORTS and disk.state().level >= disk.Level.NO_UPLOADS:
        raise ImproperlyConfigured(str(disk.full()))


def prepare_directory() -> None:
    directory = environment.data_dir()
    try:
        environment.prepare_secrets(directory)
    except OSError as error:
        raise ImproperlyConfigured(f"数据目录 {directory} 不能写入，请检查 CHENGYUN_DATA。") from error
