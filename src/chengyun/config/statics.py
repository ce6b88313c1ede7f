"""The mark in the address of static files, and their collection into the data directory."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command


def version(package: Path) -> str:
    """A short mark of every static file's path, size and time under the package."""
    mark = hashlib.sha256()
    for file in sorted(package.glob("**/static/**/*")):
        if file.is_file():
            stat = file.stat()
            mark.update(f"{file.relative_to(package)} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return mark.hexdigest()[:12]


def collect() -> bool:
    """Copy and compress the static files of this version, once; True when there was something to do."""
    done = Path(settings.STATIC_ROOT) / ".collected"
    if done.exists():
        return False
    call_command("collectstatic", interactive=False, verbosity=0)
    done.touch()
    return True
