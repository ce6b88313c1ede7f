"""The pages of the three administrators: what they show can be done, and who only reads changes nothing."""

import io

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from chengyun.core import configuration, instants
from chengyun.core.declarations import collect
from chengyun.core.errors import NotAllowed
from chengyun.people.access import SYSTEM
from chengyun.people.models import DutyShift, User
from chengyun.people.registers.declaration import Page as PageOfRegister
from chengyun.people.registers.declaration import Register
from chengyun.people.roles import Role
from chengyun.people.services.posts import appoint as appoint_by
from chengyun.people.services.posts import create_post
from chengyun.people.services.roster import plan_shift
from chengyun.people.signin.tests.test_factors import bound
from chengyun.people.tests.cast import appoint, department, person
from chengyun.people.tests.walking import Page
from chengyun.people.tokens import create_token

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
# Leaves the pages; downloads and the pages of others are not walked into.
WALKED = ("/registers/", "/people/")


@pytest.fixture
def people():
    """Every kind of row that the pages treat differently."""
    centre = department("centre", "centre", region_code="990101")
    made = {role: person(role.value) for role in ADMINISTRATORS}
    for role, user in made.items():
        appoint(user, centre, role)
    desk = create_post(by=SYSTEM, code="desk", name="受理", department=centre, roles=[Role.RECEIVER])
    wang = User.objects.create_user("wang", "three-quiet-lamps", name="王受理")
    appoint_by(wang, desk, by=SYSTEM)
    plan_shift(user=wang, post=desk, by=SYSTEM, day=instants.today(), name=DutyShift.Name.NIGHT)
    bound(wang)
    AccessAttempt.objects.create(
        username="wang", ip_address="10.0.0.1", failures_since_start=settings.AXES_FAILURE_LIMIT,
        attempt_time=timezone.now(), get_data="", post_data="",
    )  # fmt: skip
    User.objects.create_user("gone", name="离岗", is_active=False)
    create_token("wang", by=SYSTEM, name="热线", scopes=["cases:read"])
    return made


def sat_down(client, user):
    client.force_login(user, backend=BACKEND)
    return client


def walked(client):
    """Every page of the back office that this person comes to by links from the list of registers."""
    waiting, seen = [reverse("registers:index")], {}
    while waiting:
        address = waiting.pop()
        if address in seen or not address.startswith(WALKED) or "?" in address:
            continue
        answer = client.get(address)
        seen[address] = answer
        if "html" in answer["Content-Type"]:
            waiting += Page(answer.text, address, instants.today().isoformat()).links
    return seen


@pytest.fixture
def refusals(monkeypatch):
    """Every «not yours» that anything says, pages and services alike."""
    said = []
    first = NotAllowed.__init__

    def heard(self, *args, **kwargs):
        said.append(str(args[0]))
        first(self, *args, **kwargs)

    monkeypatch.setattr(NotAllowed, "__init__", heard)
    return said


def sent(client, form):
    """What the button does, undone again."""
    mark = transaction.savepoint()
    try:
        return client.post(form.address, form.fields)
    finally:
        transaction.savepoint_rollback(mark)


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_every_link_and_button_on_their_pages_is_for_them(client, people, refusals, role):
    sat_down(client, people[role])
    pressed = 0
    for address, answer in walked(client).items():
        assert answer.status_code == 200, address
        if "html" not in answer["Content-Type"]:
            continue
        for form in Page(answer.text, address, instants.today().isoformat()).forms:
            got = sent(client, form)
            assert got.status_code not in (403, 404, 405), (address, form.address)
            assert not refusals, (address, form.address, form.fields)
            pressed += 1
    assert pressed or role == Role.AUDIT_ADMIN


def test_the_audit_administrator_sees_every_page_and_no_button(client, people):
    sat_down(client, people[Role.AUDIT_ADMIN])
    seen = walked(client)
    for each in [*collect(Register), *collect(PageOfRegister)]:
        if Role.AUDIT_ADMIN in each.readers and each.url.startswith(WALKED):
            assert each.url in seen
    offered = [(address, form.address) for address, form in _forms(seen)]
    assert offered == []


def _forms(seen):
    for address, answer in seen.items():
        if "html" in answer["Content-Type"]:
            for form in Page(answer.text, address, instants.today().isoformat()).forms:
                yield address, form


def rows_of_everything():
    """Every row of every table, but what a request itself leaves."""
    left = {"sessions.Session"}
    tables = [model for model in apps.get_models() if model._meta.label not in left and model._meta.managed]
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in tables}


def addresses_that_write(people):
    shift, wang = DutyShift.objects.get(), User.objects.get(username="wang")
    for register in collect(Register):
        row = register.all_rows().first()
        pk = row.pk if row else 1
        yield reverse("registers:new", args=[register.key])
        yield reverse("registers:row", args=[register.key, pk])
        yield reverse("registers:retire", args=[register.key, pk])
        yield reverse("registers:many", args=[register.key])
        yield reverse("registers:new_upload", args=[register.key])
        yield reverse("registers:upload", args=[register.key, 1])
        yield reverse("registers:apply", args=[register.key, 1])
        for action in register.actions:
            yield reverse("registers:act", args=[register.key, wang.pk if register.model is User else pk, action.key])
    for key in configuration.declarations():
        yield reverse("people:setting", args=[key])
    yield reverse("people:settings")
    yield reverse("people:roster")
    yield reverse("people:cancel_shift", args=[shift.pk])
    yield reverse("people:place_shift", args=[shift.pk])


def test_the_audit_administrator_changes_nothing_by_any_address(client, people):
    sat_down(client, people[Role.AUDIT_ADMIN])
    before, asked = rows_of_everything(), 0
    for address in addresses_that_write(people):
        file = io.BytesIO(b"no workbook")
        answer = client.post(address, {"name": "改名", "value": "9", "ids": "1", "call_order": "1", "file": file})
        assert answer.status_code in (403, 404, 405), (address, answer.status_code)
        asked += 1
    assert asked > 100
    assert rows_of_everything() == before


def test_the_audit_administrator_reads_logs_histories_settings_and_who_has_which_right(client, people):
    sat_down(client, people[Role.AUDIT_ADMIN])
    wang = User.objects.get(username="wang")
    for key in ("users", "posts", "departments", "tokens", "sign-ins", "shifts"):
        assert client.get(reverse("registers:list", args=[key])).status_code == 200
    assert "变更记录" in client.get(reverse("registers:row", args=["users", wang.pk])).text
    assert client.get(reverse("people:setting", args=["web.idle_minutes"])).status_code == 200


# --- login names ------------------------------------------------------------------------------------------------------


def test_the_system_administrator_does_not_rename_an_administrators_account(client, people):
    """Where the identity provider vouches for names, whoever names an account gets into it."""
    sat_down(client, people[Role.SYSTEM_ADMIN])
    security = people[Role.SECURITY_ADMIN]
    address = reverse("registers:row", args=["users", security.pk])
    answer = client.post(address, {"username": "mine", "name": security.name, "phone": ""})
    assert "由安全管理员办理" in answer.text
    assert client.post(address, {"username": security.username, "name": "新姓名", "phone": ""}).status_code == 302
    security.refresh_from_db()
    assert (security.username, security.name) == (Role.SECURITY_ADMIN.value, "新姓名")
