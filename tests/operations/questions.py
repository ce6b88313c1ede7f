"""What the drill asks inside an installation."""

from __future__ import annotations


def fill(pictures: int) -> int:
    """So many stored files, and a seal over the history."""
    from django.core.files.base import ContentFile

    from chengyun.core import files, history
    from chengyun.people.access import SYSTEM

    for number in range(pictures):
        files.store(ContentFile(f"%PDF-1.7\n%{number}\n".encode() * 2000, name=f"{number}.pdf"), by=SYSTEM)
    return history.seal(everything=True)


def lose_a_step() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM cases_step")
        [last] = cursor.fetchone()
        cursor.execute("DELETE FROM cases_step WHERE id = %s", [last])
    return int(last)


def judged(words: list[str]) -> list[str]:
    """What a restored installation lacks of these reports, or has that is not whole."""
    from chengyun.core import files, history
    from tests.e2e.questions import inconsistencies, reports_with
    from tests.upgrade.questions import undelivered

    stored = reports_with(words)
    found = [f"lost: {each}" for each in words if each not in stored] + inconsistencies()
    found += [str(fault) for fault in history.verify() if fault.is_grave]
    found += [f"damaged: {file.key}" for file in files.damaged()]
    return found + ([f"{left} handlers are behind"] if (left := undelivered()) else [])
