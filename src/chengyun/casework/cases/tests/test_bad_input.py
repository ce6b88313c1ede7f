"""Bad input is refused in the user's words and changes nothing: the forms of steps."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from chengyun.casework.cases.fields import FIELDS, FieldKind
from chengyun.casework.cases.models import Case
from chengyun.casework.cases.rights import offers
from chengyun.casework.cases.rules import rules_for
from chengyun.casework.cases.tests.county import MONDAY
from chengyun.casework.cases.tests.test_visibility import employ
from chengyun.casework.cases.workflow import STEPS
from chengyun.casework.cases.writer import load
from chengyun.core import instants
from chengyun.people.roles import Role

pytestmark = pytest.mark.slow
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LATER = MONDAY + dt.timedelta(days=3)
FAR = "9999-12-31T23:59"
HUGE = "9" * 40
LONG = "长" * 100_000
HOSTILE = [
    "\x00",
    LONG,
    HUGE,
    "-1",
    "0",
    "1.5",
    "1e309",
    "nan",
    "😀",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "../../etc/passwd",
]

# What is wrong for each kind of field. Emoji and tags are words like others; a text is wrong only by its length or NUL.
IDS = ["", *HOSTILE]
MOMENTS = [
    "",
    *HOSTILE,
    "2020-01-01T00:00",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "2026-02-30T10:00",
    "2026-13-01 25:61",
]
WRONG = {
    FieldKind.TEXT: ["", " \t\n", "\x00", LONG],
    FieldKind.LINE: ["", " \t\n", "\x00", LONG],
    FieldKind.FINDING: IDS,
    FieldKind.CLASS: IDS,
    FieldKind.CONDITION: IDS,
    FieldKind.DEPARTMENT: IDS,
    FieldKind.DEPARTMENTS: IDS[1:],
    FieldKind.USER: IDS[1:],
    FieldKind.MOMENT: MOMENTS,
    FieldKind.CASE: IDS,
    FieldKind.CASES: IDS,
    FieldKind.YES: [""],
    FieldKind.LOCATION: [*HOSTILE, "1,2,3", "181,0", "0,91", "nan,nan", "inf,0", "117.1", ",", "一,二"],
}
OLD_VERSIONS = [None, "", "0", "-1", HUGE, "x", "\x00", "1.0", " ", "😀"]


def cases(county):
    """A case in every stage in which people take steps, with whatever request can lie on it."""
    yield county.report()
    yield county.report(by=county.actor("collector"))
    yield county.step(county.report(), "send_verify", "receiver", collector=county.users["collector"])
    for last in ("accept", "file", "dispatch", "receive", "feed_back", "send_check", "check_pass"):
        yield county.walk(county.report(), last)
    yield county.step(county.walk(county.report(), "file"), "apply_void", "dispatcher", reason="重复")
    yield county.step(county.walk(county.report(), "dispatch"), "apply_return", "handler", reason="不属于本部门")
    asked = county.walk(county.report(), "receive")
    yield county.step(asked, "apply_extension", "handler", reason="需要调车")
    endorsed = county.step(county.walk(county.report(), "receive"), "apply_extension", "handler", reason="调车")
    yield county.step(endorsed, "endorse", "handler2")
    yield waiting_for_suspension(county)
    yield county.step(waiting_for_suspension(county), "grant_suspension", "dispatcher")
    helped = county.walk(county.report(), "file")
    yield county.step(helped, "dispatch", "dispatcher", department=county.housing, co_departments=[county.market])
    silent = county.walk(county.report(), "file")
    yield county.step(silent, "dispatch", "dispatcher", department=county.village)
    assigned = county.walk(county.report(), "receive")
    yield county.step(assigned, "assign", "handler", handler=county.users["handler"])
    supervised = county.walk(county.report(), "receive")
    yield county.step(supervised, "supervise", "supervisor", note="尽快", answer_by=LATER)
    yield from appealing(county)


def waiting_for_suspension(county):
    case = county.walk(county.report(), "receive")
    case = county.step(case, "apply_suspension", "handler", reason="冬季", until=LATER)
    return county.step(case, "endorse", "handler2")


def appealing(county):
    """Closed late; appealed; the appeal endorsed."""
    for steps in ((), (("appeal", "handler", {"reason": "封路"}),),
                  (("appeal", "handler", {"reason": "封路"}), ("endorse_appeal", "evaluator", {}))):  # fmt: skip
        case = county.walk(county.report(), "receive")
        with instants.at(LATER):
            case = county.step(case, "feed_back", "handler", note="完成")
            case = county.step(case, "send_check", "receiver", collector=county.users["collector"])
            case = county.step(case, "check_pass", "collector", photos=[county.photo("collector").pk])
            case = county.step(case, "close", "chief", closing_met=True)
            for verb, name, brought in steps:
                case = county.step(case, verb, name, **brought)
        yield case


@pytest.fixture
def offered(county):
    """(stage, verb) → who may take it and on which case: everything that the table offers anywhere."""
    employ(county, "housing_leader", Role.LEADER, county.housing)
    found = {}
    for case in cases(county):
        case.refresh_from_db()
        for name in county.users:
            actor = county.actor(name)
            for offer in offers(actor, load(case), instants.now(), rules_for("")):
                found.setdefault((case.stage, offer.verb), (name, case, offer))
    return found


def log_in(client, county, name):
    client.force_login(county.users[name], backend="django.contrib.auth.backends.ModelBackend")


def good(county, step, offer):
    """Something right in every field that the step must have, so that one wrong field is what is refused."""
    values = {
        FieldKind.TEXT: "说明", FieldKind.LINE: "标题", FieldKind.FINDING: "confirmed", FieldKind.YES: "on",
        FieldKind.CLASS: str(county.waste.pk), FieldKind.CONDITION: str(county.condition.pk),
        FieldKind.DEPARTMENT: str(county.market.pk), FieldKind.USER: str(county.users["handler"].pk),
        FieldKind.MOMENT: "2026-03-20T10:00", FieldKind.CASE: "1", FieldKind.CASES: "1", FieldKind.PHOTOS: "",
    }  # fmt: skip
    given = {name: values[FIELDS[name].kind] for name in step.brings}
    if offer.by.on_behalf_of:
        given |= {"evidence": "paper", "evidence_note": "单据 1 号"}
    return given


def wrong_values(step, offer):
    """(field, value): each value that this step must refuse in this field."""
    for name in (*step.brings, *step.may_bring):
        kind = FIELDS[name].kind
        for value in WRONG.get(kind, ()):
            must = name in step.brings
            if value.strip() or must or "\x00" in value:
                if kind == FieldKind.YES and not must:
                    continue
                if (name, value) == ("answer_by", FAR):
                    continue  # an answer may be asked for by any day to come
                yield name, value
    if offer.by.on_behalf_of:
        yield from (("evidence", value) for value in IDS)
        yield from (("evidence_note", value) for value in ("", " ", "\x00", LONG))


def test_every_step_is_offered_somewhere(offered):
    people = {verb for verb, step in STEPS.items() if step.source and any(who.role for who in step.who)}
    assert people - {verb for _stage, verb in offered} == set()


def test_a_wrong_field_is_named_and_nothing_changes(client, county, offered):
    for (stage, verb), (name, case, offer) in offered.items():
        log_in(client, county, name)
        address = reverse("cases:step", args=[case.number, verb])
        for field, value in wrong_values(offer.step, offer):
            sent = good(county, offer.step, offer) | {"version": case.version, field: value}
            answer = client.post(address, sent, headers={"HX-Request": "true"})
            where = (stage, verb, field, value[:20])
            assert answer.status_code == 422, where
            form = answer.context["form"]
            assert field in form.errors or _only_a_step_of_words(offer.step, form), where
            told = "".join(form.errors.get(field, form.non_field_errors()))
            assert CHINESE.search(told), where
            assert len(told) < 400, where
            assert Case.objects.get(pk=case.pk).version == case.version, where


def _only_a_step_of_words(step, form):
    """A guard compares two fields or case and field; its sentence names the field in words."""
    return any(str(FIELDS[name].title) in "".join(form.non_field_errors()) for name in (*step.brings, *step.may_bring))


def test_a_version_that_is_not_the_cases_is_a_conflict(client, county, offered):
    for (stage, verb), (name, case, offer) in offered.items():
        log_in(client, county, name)
        for version in [*OLD_VERSIONS, str(case.version - 1), str(case.version + 1), f"+{case.version}"]:
            sent = good(county, offer.step, offer) | ({} if version is None else {"version": version})
            answer = client.post(reverse("cases:step", args=[case.number, verb]), sent)
            assert answer.status_code == 409, (stage, verb, version)
            assert "刚被他人办理" in answer.content.decode()
            assert Case.objects.get(pk=case.pk).version == case.version


def test_an_upload_that_is_no_picture_is_refused_at_its_field(client, county, offered):
    uploads = [b"", b"<script>alert(1)</script>", b"\xff\xd8\xff\xe0" + b"\x00" * 50, b"MZ" + b"\x00" * 100]
    for (stage, verb), (name, case, offer) in offered.items():
        if verb == "handle_on_spot" or "photos" not in (*offer.step.brings, *offer.step.may_bring):
            continue
        log_in(client, county, name)
        for content in uploads:
            upload = SimpleUploadedFile("a.jpg", content, "image/jpeg")
            sent = good(county, offer.step, offer) | {"version": case.version, "photos": upload}
            answer = client.post(reverse("cases:step", args=[case.number, verb]), sent)
            assert answer.status_code == 422, (stage, verb, content[:10])
            assert CHINESE.search("".join(answer.context["form"].errors.get("photos", []))), (
                stage,
                verb,
                content[:10],
                answer.context["form"].errors,
            )
            assert Case.objects.get(pk=case.pk).version == case.version


def test_other_peoples_ids_are_refused(client, county, offered):
    """Another department's handler, a handler as collector, a collector as handler, the centre as main department."""
    people = county.users
    wrong = {
        "handler": [people["market"].pk, people["collector"].pk, people["admin"].pk],
        "collector": [people["handler"].pk, people["receiver"].pk],
        "department": [county.centre.pk],
        "co_departments": [county.centre.pk],
    }
    for (stage, verb), (name, case, offer) in offered.items():
        for field in {*offer.step.brings, *offer.step.may_bring} & set(wrong):
            log_in(client, county, name)
            for value in wrong[field]:
                if case.main_department_id == county.village.pk:
                    continue
                sent = good(county, offer.step, offer) | {"version": case.version, field: value}
                answer = client.post(reverse("cases:step", args=[case.number, verb]), sent)
                assert answer.status_code == 422, (stage, verb, field, value)
                assert CHINESE.search("".join(answer.context["form"].errors[field])), (stage, verb, field)
                assert Case.objects.get(pk=case.pk).version == case.version


def test_a_step_that_is_not_offered_is_refused(client, county, offered):
    case = county.report()
    for name in county.users:
        log_in(client, county, name)
        mine = {offer.verb for offer in offers(county.actor(name), load(case), instants.now(), rules_for(""))}
        for verb in [*STEPS, "nothing", "DROP-TABLE", "0"]:
            if verb not in mine:
                answer = client.post(reverse("cases:step", args=[case.number, verb]), {"version": case.version})
                assert answer.status_code in (403, 404), (name, verb)
    assert Case.objects.get(pk=case.pk).version == case.version


def test_words_may_hold_anything_that_people_type(client, county):
    """A tag is words, too, and comes back as words."""
    case = county.report()
    log_in(client, county, "receiver")
    sent = {"version": case.version, "reason": "😀<script>alert(1)</script>' OR 1=1 --"}
    assert client.post(reverse("cases:step", args=[case.number, "refuse"]), sent).status_code == 302
    page = client.get(case.get_absolute_url()).content.decode()
    assert "😀&lt;script&gt;" in page
    assert "<script>alert" not in page
