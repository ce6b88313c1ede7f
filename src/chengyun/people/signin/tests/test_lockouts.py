import datetime as dt

import pytest
from django.conf import settings

from chengyun.core import instants
from chengyun.core.errors import NotAllowed, UserError
from chengyun.people import register
from chengyun.people.access import actor_for
from chengyun.people.models import User
from chengyun.people.roles import Role
from chengyun.people.signin import log
from chengyun.people.signin.lockouts import unlock
from chengyun.people.signin.models import SignIn
from chengyun.people.tests.cast import PASSWORD, appoint, department, person

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def holder(role: Role) -> User:
    user = person(f"某{role.label}")
    appoint(user, department(role.value, "centre"), role)
    return user


def log_in(client, password=PASSWORD, name="wang"):
    return client.post("/login", {"username": name, "password": password})


def lock(client, name="wang") -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        log_in(client, "wrong", name)


def kinds() -> list[str]:
    return list(SignIn.objects.order_by("pk").values_list("kind", flat=True))


def test_a_locked_name_is_refused_with_the_right_password_and_told_whom_to_ask(client, wang):
    lock(client)
    answer = log_in(client)
    assert answer.status_code == 429
    assert "请安全管理员解锁" in answer.text


def test_another_address_is_not_locked(client, wang):
    lock(client)
    answer = client.post("/login", {"username": "wang", "password": PASSWORD}, REMOTE_ADDR="10.9.8.7")
    assert answer.status_code == 302


def test_the_security_administrator_unlocks_at_once_on_the_page(client, wang):
    lock(client)
    client.force_login(holder(Role.SECURITY_ADMIN), backend=BACKEND)
    assert "登录锁定" in client.get("/registers/users/", {"locked": "yes"}).text
    assert client.post(f"/registers/users/{wang.pk}/unlock").status_code == 302
    client.logout()
    assert log_in(client).status_code == 302
    assert register.history(wang)[0].action == "unlocked"


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.DUTY_CHIEF])
def test_nobody_else_unlocks(client, wang, role):
    lock(client)
    with pytest.raises(NotAllowed, match="安全管理员"):
        unlock(wang, by=actor_for(holder(role)))


def test_who_is_not_locked_is_not_unlocked(wang):
    with pytest.raises(UserError, match="没有锁定"):
        unlock(wang, by=actor_for(holder(Role.SECURITY_ADMIN)))


def test_everything_about_signing_in_is_in_the_log(client, wang):
    log_in(client)
    client.post("/logout")
    lock(client)
    unlock(wang, by=actor_for(holder(Role.SECURITY_ADMIN)))
    assert sorted(kinds()) == [*["failed"] * 5, "in", "locked", "out", "unlocked"]
    assert set(SignIn.objects.values_list("user", flat=True)) == {wang.pk}
    assert SignIn.objects.first().by_name == "某安全管理员"


def test_a_name_that_nobody_has_is_kept_as_a_digest(client, wang):
    log_in(client, name="my-secret-password")
    row = SignIn.objects.get()
    assert row.user is None and len(row.typed) == 12 and "secret" not in row.typed


def test_only_the_audit_administrator_reads_the_log(client, wang):
    log_in(client)
    client.post("/logout")
    client.force_login(holder(Role.AUDIT_ADMIN), backend=BACKEND)
    page = client.get("/registers/sign-ins/")
    assert "王受理（wang）" in page.text and "127.0.0.1" in page.text
    client.force_login(holder(Role.SECURITY_ADMIN), backend=BACKEND)
    assert client.get("/registers/sign-ins/").status_code == 403


def test_the_log_is_kept_for_half_a_year(wang):
    old = log.write(SignIn.Kind.IN, wang)
    SignIn.objects.filter(pk=old.pk).update(at=instants.now() - dt.timedelta(days=settings.LOG_DAYS + 1))
    kept = log.write(SignIn.Kind.IN, wang)
    SignIn.objects.filter(pk=kept.pk).update(at=instants.now() - dt.timedelta(days=183))
    assert log.forget_old() == 1
    assert SignIn.objects.get() == kept
