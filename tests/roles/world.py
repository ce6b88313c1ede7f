"""A county with one of everything that has an address, and somebody of every role around it.

The case lies in the western township and is handled by the housing bureau; the market bureau, the eastern township and
the centre of the county next door have nothing to do with it.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from chengyun.assets.models import Component
from chengyun.assets.tests import town
from chengyun.casework.campaigns.services import planning, working
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.tests import county as small
from chengyun.casework.cases.tests.county import MONDAY, County
from chengyun.casework.components.services import link
from chengyun.casework.handover import services as handover
from chengyun.casework.handover.shifts import shift_of
from chengyun.casework.notes import services as notes
from chengyun.casework.papers.models import OrderTemplate
from chengyun.casework.papers.orders import SHIPPED
from chengyun.casework.phrases import services as phrases
from chengyun.casework.urgent import services as urgent
from chengyun.casework.urgent.models import Alert, Call
from chengyun.casework.worktop.models import BulkRun, SavedView
from chengyun.core import files, instants
from chengyun.core.file_models import StoredFile
from chengyun.insight.statistics import mailing, saved
from chengyun.intake.hotline.models import HotlineImport, HotlineOrder
from chengyun.intake.hotline.services import uploads
from chengyun.people.access import SYSTEM, Actor, actor_for
from chengyun.people.models import Appointment, Department, DutyShift, Post, RegisterUpload, User
from chengyun.people.roles import Role
from chengyun.people.services.roster import plan_shift
from chengyun.people.tokens import create_token
from chengyun.regions.models import RegionDraft, RegionTerm, RegionVersion
from chengyun.regions.tests import land
from chengyun.web.exports.models import ExportRun
from chengyun.web.mapdesk import tile_sources
from chengyun.web.mapdesk.models import Drawing
from tests.roles import evaluations, plans, work_reports

TILES = {
    "name": "省级底图",
    "address": "https://tiles.example.cn/{z}/{x}/{y}.png",
    "system": "wgs84",
    "credit": "省测绘院",
    "min_zoom": 0,
    "max_zoom": 18,
    "sort_order": 0,
}

# The columns of the table, left to right: who asks, by the login name of the person.
PEOPLE = {
    "nobody": "",
    "collector": "collector",
    "receiver": "receiver",
    "chief": "chief",
    "dispatch": "dispatcher",
    "supervis": "supervisor",
    "evaluat": "evaluator",
    "leader": "leader",
    "handler": "handler",
    "other": "market",
    "boss": "market_boss",
    "town": "west",
    "townchief": "west_chief",
    "far town": "east",
    "next": "next_chief",
    "system": "admin",
    "security": "security",
    "audit": "audit",
}
END_OF_SHIFT = MONDAY + dt.timedelta(hours=6, minutes=30)


@dataclass
class World:
    county: County
    case: Case
    new_case: Case
    urgent_case: Case
    component: Component
    ids: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        return actor_for(self.county.users[name], MONDAY.date())


@contextmanager
def at_work() -> Iterator[None]:
    with instants.at(END_OF_SHIFT):
        yield


def build() -> World:
    with instants.at(MONDAY):
        county = _county()
        place = dict(zip(("lon", "lat"), land.middle(0, 0), strict=True))
        case = county.walk(county.report(**place), "receive")
        new_case = county.report(**place)
        world = World(county, case, new_case, county.report(**place, is_urgent=True), town.component())
        for part in (
            _campaign,
            _pictures,
            _urgent,
            _words,
            _desk,
            _hotline,
            _exports,
            _regions,
            _registers,
            _tokens,
            _statistics,
        ):
            part(world)
        world.ids |= work_reports.build() | evaluations.build(county, case.pk)
        plans.build(county)
    with at_work():
        _handover(world)
    return world


# --- people and places ------------------------------------------------------------------------------------------------


def _county() -> County:
    county = small.build()
    Department.objects.filter(pk=county.centre.pk).update(region_code=land.COUNTY)
    Department.objects.filter(pk=county.village.pk).update(region_code=land.WEST, works_online=True)
    next_door = _department("next", "centre", "990102")
    east = _department("east", "township", land.EAST)
    _person(county, "market_boss", county.market, Role.LEADER)
    _person(county, "west", county.village, Role.HANDLER)
    _person(county, "west_chief", county.village, Role.DUTY_CHIEF, Role.RECEIVER, Role.DISPATCHER)
    _person(county, "east", east, Role.HANDLER)
    _person(county, "next_chief", next_door, Role.DUTY_CHIEF, Role.RECEIVER, Role.SUPERVISOR)
    _person(county, "security", county.centre, Role.SECURITY_ADMIN)
    _person(county, "audit", county.centre, Role.AUDIT_ADMIN)
    town.build()
    return county


def _department(code: str, kind: str, region_code: str) -> Department:
    row = Department.objects.create(code=code, name=code, short_name=code, kind=kind, region_code=region_code)
    row.path = f"/{row.pk}/"
    row.save()
    return row


def _person(county: County, name: str, department: Department, *roles: Role) -> None:
    county.users[name] = User.objects.create_user(name, "x", name=name)
    post = Post.objects.create(code=name, name=name, department=department, roles=list(roles))
    Appointment.objects.create(user=county.users[name], post=post, valid_from=dt.date(2020, 1, 1))


# --- what they work on ------------------------------------------------------------------------------------------------


def _pictures(world: World) -> None:
    owners = {"picture": ("case", world.case.pk), "evidence_picture": (working.BEFORE, world.ids["evidence"])}
    for name, (kind, pk) in owners.items():
        picture = _picture(world, name)
        files.attach(picture, kind, pk)
        world.ids[name] = picture.pk
    world.ids["own_picture"] = _picture(world, "own").pk


def _picture(world: World, name: str) -> StoredFile:
    return files.store(_photo(name), by=world.actor("receiver"))


def _photo(name: str) -> SimpleUploadedFile:
    content = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(content, "JPEG")
    return SimpleUploadedFile(f"{name}.jpg", content.getvalue(), "image/jpeg")


def _campaign(world: World) -> None:
    county, by = world.county, world.actor("supervisor")
    day = MONDAY.date()

    def make(name: str) -> Any:
        return planning.create(
            by=by, name=name, goal="主要道路无积存垃圾", lead=county.housing, begins=day, ends=day.replace(day=31),
            township_codes=[], minor_classes=[county.waste],
        )  # fmt: skip

    campaign, planned = make("春季市容整治"), make("夏季市容整治")
    target = planning.add_target(campaign, by=by, name="清理垃圾点", unit="处", counting="evidence")
    (task,) = planning.add_tasks(campaign, {county.housing: 10}, by=by, target=target)
    planning.start(campaign, by=by)
    task.refresh_from_db()
    evidence = working.report(task, by=world.actor("handler"), day=day, amount=3, note="已清理三处")
    prompt = working.supervise(task, by=by, text="进度偏慢", answer_by=day.replace(day=20))
    world.ids |= {"campaign": campaign.pk, "planned": planned.pk, "task": task.pk, "evidence": evidence.pk}
    world.ids |= {"prompt": prompt.pk}


def _urgent(world: World) -> None:
    alert = urgent.raise_alert(world.urgent_case, MONDAY)
    assert isinstance(alert, Alert)
    user = world.county.users["chief"]
    call = Call.objects.create(
        alert=alert, number=1, rung="duty_chief", user=user, name=user.name, phone="13800001234", due_at=MONDAY
    )
    world.ids |= {"alert": alert.pk, "call": call.pk}


def _words(world: World) -> None:
    note = notes.add_note(world.case, "已电话联系", by=world.actor("receiver"), uploads=[_photo("note")])
    county = phrases.add("请尽快处置", by=world.actor("chief"), scope="county", verb="accept")
    own = phrases.add("我的常用语", by=world.actor("receiver"), scope="own", verb="accept")
    world.ids["note_picture"] = files.attached_to("note", note.pk)[0].pk
    world.ids |= {"note": note.pk, "phrase": county.pk, "own_phrase": own.pk}


def _desk(world: World) -> None:
    link(world.case, world.component.identifier, by=SYSTEM)
    owner = world.county.users["receiver"]
    view = SavedView.objects.create(owner=owner, page="list", name="红灯", query="lamp=red")
    run = BulkRun.objects.create(user=owner, token="a" * 32, verb="accept", at=MONDAY, is_over=True)
    shape = {"type": "Point", "coordinates": [117, 37]}
    drawing = Drawing.objects.create(
        owner=owner, name="巡查点", kind="point", shape=shape, created_at=MONDAY, changed_at=MONDAY
    )
    world.ids |= {"view": view.pk, "bulk": run.token, "drawing": drawing.pk}


def _hotline(world: World) -> None:
    by = world.actor("receiver")
    table = "工单编号,来电时间,诉求内容\n1,2026-03-02 08:00:00,路灯不亮\n".encode()
    run = uploads.take_upload(SimpleUploadedFile("a.csv", table), feed="12345", by=by)
    done = HotlineImport.objects.create(
        feed="12345", file_name="b.csv", stored_as="b" * 32, state="done", by_id=by.user_id, created_at=MONDAY
    )
    uploads.bad_rows_of(done).write_text("行,列,原因\n", "utf-8")
    report = world.case.reports.get()
    order = HotlineOrder.objects.create(
        feed="12345", order_no="8", received_at=MONDAY, digest="0" * 64, report=report, batch=done
    )
    world.ids |= {"hotline_import": run.pk, "hotline_done": done.pk, "order": order.pk}


def _exports(world: World) -> None:
    owner = world.county.users["receiver"]
    run = ExportRun.objects.create(
        by=owner, key="cases", title="案件", language="zh-hans", state="ready", asked_at=MONDAY
    )
    run.path.parent.mkdir(parents=True, exist_ok=True)
    run.path.write_bytes(b"PK")
    world.ids["export"] = run.pk


def _regions(world: World) -> None:
    version = RegionVersion.objects.get(is_active=True)
    later = RegionVersion.objects.create(name="明年的区划", imported_at=MONDAY)
    draft = RegionDraft.objects.create(
        name="草稿", file_name="a.geojson", system="wgs84", made_at=MONDAY, made_by="admin", state="checked"
    )
    term = RegionTerm.objects.create(version=later, from_day=dt.date(2027, 1, 1), decided_at=MONDAY, decided_by="admin")
    world.ids |= {"version": version.pk, "later": later.pk, "draft": draft.pk, "term": term.pk}
    roads = Path(settings.DATA_DIR) / "map" / "roads.geojson"
    roads.parent.mkdir(parents=True, exist_ok=True)


def _registers(world: World) -> None:
    """Files on their way into registers, each of whoever keeps that register."""
    for register, name in (("duties", "chief"), ("departments", "admin"), ("components", "chief"), ("places", "chief")):
        row = RegisterUpload.objects.create(
            register=register,
            by=world.county.users[name],
            at=MONDAY,
            file_name="a.xlsx",
            content=b"PK",
            day=MONDAY.date(),
        )
        world.ids[f"{register}_upload"] = row.pk
    OrderTemplate.objects.create(
        at=MONDAY, by_name="值班长", name="我局.docx", content=SHIPPED.read_bytes(), is_active=True
    )
    tile_sources.add(by=world.actor("admin"), **TILES)
    for name, shift in (("receiver", "early"), ("dispatcher", "middle")):
        post = Post.objects.get(code=name)
        plan_shift(by=SYSTEM, day=MONDAY.date(), name=shift, user=world.county.users[name], post=post)
    world.ids["shift"] = DutyShift.objects.earliest("pk").pk


def _handover(world: World) -> None:
    by, centre = world.actor("receiver"), world.county.centre
    item = handover.add_item(centre, "明早复核凤凰街", by=by)
    sheet = handover.sign(centre, shift_of(centre, MONDAY.date(), "early"), "", by=by)
    world.ids |= {"item": item.pk, "sheet": sheet.pk}


def _statistics(world: World) -> None:
    receiver = world.actor("receiver")
    own = saved.save(by=receiver, name="各部门", query="by=department")
    subscription = mailing.subscribe(own.pk, by=receiver, address="tongji@example.cn", rhythm="weekly")
    world.ids |= {"analysis": own.pk, "subscription": subscription.pk}


def _tokens(world: World) -> None:
    every = ("reports:write", "cases:read", "cases:step")
    for name, username, scopes in (
        ("desk", "receiver", every),
        ("other", "market", every),
        ("system", "admin", every),
        ("reports", "receiver", ("reports:write",)),
        ("read", "receiver", ("cases:read",)),
        ("step", "receiver", ("cases:step",)),
        ("revoked", "receiver", every),
    ):
        token, world.tokens[name] = create_token(username, by=SYSTEM, name=name, scopes=scopes)
        world.ids.setdefault("token", token.pk)
