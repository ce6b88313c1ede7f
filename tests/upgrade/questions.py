"""What the upgrade test asks inside the upgraded installation."""

from __future__ import annotations

from typing import Any

ROLES = ("receiver", "dispatcher", "handler", "leader", "system_admin")


def counts(tables: list[str]) -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        found = {}
        for table in tables:
            if table in present:
                cursor.execute(f'SELECT count(*) FROM "{table}"')
                found[table] = cursor.fetchone()[0]
    return found


def rebase() -> bool:
    """The database came from another server."""
    from django.db import transaction

    from chengyun.core import events

    with transaction.atomic():
        events.rebase()
    return True


def answers() -> dict[str, int]:
    """Status of each page in the menus of these roles, and of an open case and a closed one with their pictures."""
    from chengyun.casework.cases.models import Case, Step

    closed = Step.objects.filter(verb="close").order_by("pk").first().case
    cases = [f"/cases/{case.number}/" for case in (Case.objects.order_by("pk").first(), closed)]
    found: dict[str, int] = {}
    for role in ROLES:
        client, pages = signed_in(role)
        for page in [*pages, *(cases if role == "receiver" else [])]:
            found[f"{role} {page}"] = client.get(page, follow=True).status_code
    return found


def signed_in(role: str) -> tuple[Any, list[str]]:
    """A browser of somebody with the role, and the addresses in that person's menu."""
    from django.test import Client

    from chengyun.people.access import actor_for
    from chengyun.web.menu import menu_for

    user, client = person(role), Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client, ["/", *(item.url for item in menu_for(actor_for(user), "/"))]


def person(role: str) -> Any:
    from chengyun.core.instants import today
    from chengyun.people.access import actor_for
    from chengyun.people.models import User

    people = User.objects.filter(is_active=True).order_by("pk")
    return next(user for user in people if role in actor_for(user, today()).roles and not user.must_change_password)


def accept_one() -> list[str]:
    """Take a step on a case that waited through the update; the verbs of its history."""
    from chengyun.casework import take_step
    from chengyun.casework.cases.models import Case, Step
    from chengyun.people.access import actor_for

    case = Case.objects.filter(stage="reported").order_by("pk").first()
    minor = case.minor_class_id or Case.objects.exclude(minor_class=None).order_by("-pk").first().minor_class_id
    take_step(case.pk, "accept", by=actor_for(person("receiver")), version=case.version, minor_class=minor)
    return list(Step.objects.filter(case=case).order_by("seq").values_list("verb", flat=True))


def undelivered() -> int:
    """Events still waiting for a handler after all have been delivered."""
    from chengyun.core import events, handlers
    from chengyun.core.models import HandlerCursor

    handlers.discover()
    handlers.run_until_quiet()
    newest = events.newest()
    return sum(row.cursor < newest for row in HandlerCursor.objects.filter(name__in=handlers.names()))
