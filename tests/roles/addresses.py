"""Every address of the product: by which arguments the test opens it, and what it sends.

A row of `tables/pages.csv` is named by the name of the address, and after a blank by what is chosen there (a register,
an export, a kind of file) where one address has many faces.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from chengyun.core.declarations import collect
from chengyun.core.exports import Export
from chengyun.people.registers.declaration import Register
from tests.roles.world import World

Args = tuple[Any, ...]


@dataclass(frozen=True)
class Address:
    """`sent` is the body of a POST: a valid one where the form is judged before the person is. `shows`: what an answer
    must hold (a pattern), where a list answers everybody but shows each his own."""

    row: str
    args: Args = ()
    query: Mapping[str, Any] = field(default_factory=dict)
    sent: Mapping[str, Any] = field(default_factory=dict)
    shows: str = ""
    is_json: bool = False

    @property
    def name(self) -> str:
        return self.row.split(" ")[0]

    @property
    def url(self) -> str:
        return reverse(self.name, args=self.args)


def names() -> Iterator[str]:
    """Of all addresses; that which has no name is the answer to an unknown one."""
    return _names(get_resolver().url_patterns, "")


def _names(patterns: list[URLPattern | URLResolver], space: str) -> Iterator[str]:
    for each in patterns:
        if isinstance(each, URLResolver):
            yield from _names(each.url_patterns, f"{space}{each.namespace}:" if each.namespace else space)
        elif each.name:
            yield f"{space}{each.name}"


def pages(world: World) -> list[Address]:
    """Everything but the API, which has doors of its own (`test_api`)."""
    special = [
        *_cases(world),
        *_around_cases(world),
        *_campaigns(world),
        *_registers(world),
        *_places(world),
        *_desk(world),
        *_reports(world),
        *_evaluations(world),
    ]
    known = {each.name for each in special}
    plain = [Address(name) for name in dict.fromkeys(names()) if name not in known and not name.startswith("api:")]
    return special + plain


def _cases(world: World) -> list[Address]:
    number, version = world.case.number, {"version": world.case.version}
    fresh = (world.new_case.number,)
    return [
        Address("cases:case", (number,)),
        Address("cases:step accept", (*fresh, "accept"), sent={"version": world.new_case.version}),
        Address("cases:step feed_back", (number, "feed_back"), sent=version),
        Address("cases:step supervise", (number, "supervise"), sent=version),
        Address("cases:undo", (number,), sent=version),
        Address("cases:erasing", sent={"keys": [_report_key(world)], "reason": "本人申请"}, query={"number": number}),
        Address("core:file case", (world.ids["picture"], "thumb")),
        Address("core:file original", (world.ids["picture"], "original")),
        Address("core:file note", (world.ids["note_picture"], "thumb")),
        Address("core:file campaign", (world.ids["evidence_picture"], "thumb")),
        Address("core:file unattached", (world.ids["own_picture"], "thumb")),
        Address("papers:print", (number,)),
        Address("papers:order", (number,)),
        Address(
            "components:cases", query={"filed_from": "2026-03-01", "filed_to": "2026-03-31"}, shows=world.case.number
        ),
        Address("components:choose", (number,), sent={"component": world.component.identifier}),
    ]


def _report_key(world: World) -> str:
    report = world.case.reports.get()
    return f"report:{report.source}/{report.source_id}"


def _around_cases(world: World) -> list[Address]:
    number, ids = world.case.number, world.ids
    return [
        Address("phrases:edit county", (ids["phrase"],), sent={"text": "请尽快", "verb": "", "class_prefix": ""}),
        Address("phrases:edit own", (ids["own_phrase"],), sent={"text": "请尽快", "verb": "", "class_prefix": ""}),
        Address("phrases:new", sent={"text": "请尽快", "scope": "own", "verb": "", "class_prefix": ""}),
        Address("phrases:retire", (ids["phrase"],)),
        Address("phrases:used", (ids["own_phrase"],)),
        Address("phrases:offered", (number, "feed_back")),
        Address("notes:withdraw", (ids["note"],)),
        Address("notes:notes", (number,), sent={"text": "已知悉"}),
        Address("notes:people", (number,)),
        Address("notes:watch", (number,), sent={"on": "1"}),
        Address("urgent:alert", (ids["alert"],)),
        Address("urgent:acknowledge", (ids["alert"],)),
        Address("urgent:tell_call", (ids["call"], "connected")),
        Address("handover:add_item", sent={"words": "明早复核"}),
        Address("handover:tick_item", (ids["item"],)),
        Address("handover:take_over", (ids["sheet"],)),
        Address("handover:sheet", ("2026-03-02", "middle")),
        Address("handover:figure", ("2026-03-02", "early", "reported")),
        Address("hotline:order", (ids["order"],)),
        Address("hotline:import", (ids["hotline_import"],)),
        Address("hotline:confirm", (ids["hotline_import"],)),
        Address("hotline:bad_rows", (ids["hotline_done"],)),
    ]


def _campaigns(world: World) -> list[Address]:
    ids, number = world.ids, {"number": world.case.number}
    campaign, task = (ids["campaign"],), (ids["task"],)
    plan = ("edit", "new_phase", "new_target", "new_tasks", "cases")
    return [
        *(Address(f"campaigns:{name}", campaign) for name in ("campaign", *plan, "cancel", "word", "close")),
        Address("campaigns:start", (ids["planned"],)),
        Address("campaigns:report", campaign, sent={"results": "见成效", "problems": "无", "next_steps": "继续"}),
        Address("campaigns:link", campaign, sent=number),
        Address("campaigns:unlink", campaign, sent=number),
        Address("campaigns:task", task, sent={"day": "2026-03-02", "amount": "1", "note": "清理一处"}),
        Address("campaigns:change_task", task, sent={"amount": "12", "ends": "2026-03-30"}),
        *(Address(f"campaigns:{name}", task) for name in ("remove_task", "submit", "accept")),
        Address("campaigns:give_back", task, sent={"text": "照片不清"}),
        Address("campaigns:supervise", task, sent={"text": "进度偏慢", "answer_by": "2026-03-20"}),
        Address("campaigns:withdraw", (ids["evidence"],)),
        Address("campaigns:answer", (ids["prompt"],), sent={"answer": "已加派人手"}),
    ]


def _registers(world: World) -> list[Address]:
    found = [Address(f"registers:list {each.key}", (each.key,)) for each in collect(Register)]
    for each in collect(Register):
        row = each.all_rows().order_by("pk").first()
        if row is not None and each.form:
            found.append(Address(f"registers:row {each.key}", (each.key, row.pk), sent=_new_row(world, each.key)))
        if each.create:
            found.append(Address(f"registers:new {each.key}", (each.key,), sent=_new_row(world, each.key)))
        if each.retire and row is not None:
            found.append(Address(f"registers:retire {each.key}", (each.key, row.pk), sent={"last_day": "2026-12-31"}))
        if each.may_many and row is not None:
            found.append(
                Address(f"registers:many {each.key}", (each.key,), query={"ids": row.pk}, sent={"ids": row.pk})
            )
        if each.book:
            found.append(Address(f"registers:export {each.key}", (each.key,)))
            found.append(Address(f"registers:new_upload {each.key}", (each.key,)))
        for deed in each.actions:
            if row is not None:
                found.append(Address(f"registers:act {each.key}/{deed.key}", (each.key, row.pk, deed.key)))
    found.append(Address("registers:upload_geojson", ("places", world.ids["places_upload"])))
    uploads = [("duties", world.ids["duties_upload"]), ("departments", world.ids["departments_upload"])]
    for key, pk in uploads:
        found += [Address(f"registers:upload {key}", (key, pk)), Address(f"registers:apply {key}", (key, pk))]
    shown = dict.fromkeys(("cases", "component-cases"), world.case.number)
    shown |= {"campaigns": "春季市容整治", "targets": "处置率"}
    return found + [
        Address(f"exports:make {each.key}", (each.key,), shows=shown.get(each.key, "")) for each in collect(Export)
    ]


def _new_row(world: World, key: str) -> dict[str, Any]:
    """A post is one that only the security administrator may make."""
    post = {"code": "fresh", "name": "新岗位", "department": world.county.centre.pk, "roles": ["system_admin"]}
    return post | {"valid_from": "2026-03-02"} if key == "posts" else {}


def _places(world: World) -> list[Address]:
    ids, box = world.ids, {"bbox": "117,37,117.06,37.03"}
    area = {"area": "117,37;117.06,37;117.06,37.03"}
    drawn = {"name": "片区", "kind": "point", "shape": '{"type":"Point","coordinates":[117,37]}'}
    two = {"before": ids["version"], "after": ids["later"]}
    component = (world.component.identifier,)
    return [
        Address("web:roads", (1,)),
        Address("mapdesk:points", query=box, shows=rf'"id":\[[^]]*\b{world.case.pk}\b'),
        Address("mapdesk:in_view", query=box, shows=world.case.number),
        Address("mapdesk:card", query={"ids": world.case.pk}, shows=world.case.number),
        Address("mapdesk:area", query=area),
        Address("mapdesk:coordinates", query={"lon": "117", "lat": "37"}),
        Address("mapdesk:drawings", sent=drawn),
        *(Address(f"mapdesk:{each}", (ids["drawing"],), sent=drawn) for each in ("change_drawing", "remove_drawing")),
        Address("mapdesk:export", (ids["drawing"],)),
        Address("mapdesk:export_all", shows="巡查点"),
        Address("regions:geojson", query={"level": "township"}),
        *(Address(f"regions:{each}", (ids["draft"],)) for each in ("draft", "draft_geojson", "discard_draft")),
        Address("regions:switch_draft", (ids["draft"],), sent={"from_day": "2026-12-01"}),
        Address("regions:compare", query=two),
        Address("regions:compare_geojson", query=two),
        Address("regions:switch_version", (ids["later"],)),
        Address("regions:withdraw_term", (ids["term"],)),
        Address("assets:upload", (ids["components_upload"],)),
        Address("assets:near", query={"at": "117.005,37.005"}),
        Address("assets:box", query=box),
        Address("assets:tile", (14, 13516, 6357)),
        *(Address(f"assets:{each}", component) for each in ("component", "edit", "photo", "retire", "restore")),
    ]


def _desk(world: World) -> list[Address]:
    ids = world.ids
    return [
        # On PostgreSQL news come when the transaction has ended: whose they are is told in `web`.
        Address("web:live", query={"after": "0.0"}),
        Address("cases:list", shows=world.case.number),
        Address("cases:queue", shows=world.case.number),
        Address("urgent:line", shows=world.urgent_case.number),
        Address("urgent:list", shows=rf"/urgent/{ids['alert']}\b"),
        Address("hotline:orders", shows=world.case.number),
        Address("campaigns:campaigns", shows="春季市容整治"),
        Address("people:setting", ("web.idle_minutes",)),
        Address("people:revoke_token", (ids["token"],)),
        Address("figures:figure", ("filed",)),
        Address("statistics:process_cases", query={"clock": "handle"}),
        Address("statistics:saved", shows="各部门"),
        Address("statistics:save", sent={"name": "新分析", "query": "by=class"}),
        Address("statistics:delete_saved", (ids["analysis"],)),
        Address("statistics:subscribe", (ids["analysis"],), sent={"address": "a@example.cn", "rhythm": "daily"}),
        Address("statistics:unsubscribe", (ids["subscription"],)),
        Address("help:book operator", ("operator",)),
        Address("help:book administrator", ("administrator",)),
        Address("help:picture", ("login.webp",)),
        Address("people:cancel_shift", (ids["shift"],)),
        Address("people:place_shift", (ids["shift"],), sent={"call_order": "1"}),
        Address("worktop:change_view", (ids["view"],), sent={"name": "改名"}),
        Address("worktop:save_view", sent={"page": "list", "name": "新视图", "query": "lamp=red"}),
        Address("worktop:views", shows="红灯"),
        Address("worktop:bulk", sent={"case": world.new_case.number, "verb": "accept"}, shows=world.new_case.number),
        Address("worktop:take_bulk", sent={"case": world.new_case.number, "verb": "accept", "token": "c" * 32}),
        Address("worktop:bulk_result", (ids["bulk"],)),
        Address("worktop:draft", ("report",)),
        Address("exports:runs", shows=rf"/exports/{ids['export']}/"),
        Address("exports:run", (ids["export"],)),
        Address("exports:download", (ids["export"],)),
    ]


def _reports(world: World) -> list[Address]:
    draft, ref = (world.ids["draft_report"],), {"ref": "filed|period|"}
    return [
        Address("targets:targets", shows="处置率"),
        Address("reports:reports", shows="二月月报"),
        Address("reports:new", sent={"kind": "monthly", "day": "2026-02-01"}),
        Address("reports:report draft", draft),
        Address("reports:report issued", (world.ids["issued_report"],)),
        *(Address(f"reports:figure {state}", (world.ids[f"{state}_report"],), ref) for state in ("draft", "issued")),
        Address("reports:write", draft, sent={"problems": "人手不足"}),
        Address("reports:correct", draft, query=ref, sent={"new": "3", "reason": "补录"} | ref),
        *(Address(f"reports:{name}", draft, sent=ref) for name in ("withdraw", "draft_anew", "issue", "word", "pdf")),
        Address("reports:word_pdf", draft, sent={}),
        Address("reports:word_pdf_file", draft),
        Address("reports:template", ("monthly",), sent={"delivered": "1"}),
        Address("reports:template_file", ("monthly",)),
    ]


def _evaluations(world: World) -> list[Address]:
    bureaus, receivers = (world.ids["evaluation"],), (world.ids["receivers"],)
    bureau, receiver = (*bureaus, world.ids["evaluated"]), (*receivers, world.ids["evaluated_receiver"])
    month = {"kind": "department", "group": "bureaus", "period": "2026-01"}
    objection, words = world.ids["objection"], {"words": "有两件由派遣有误造成"}
    decision = {"version": "1", "state": "upheld", "reason": "已核对案卷"}
    return [
        Address("evaluation:objections", shows=rf"/evaluation/objections/{objection}\b"),
        Address("evaluation:objection", (objection,), sent=decision),
        Address("evaluation:withdraw_objection", (objection,), sent={"version": "1"}),
        Address("evaluation:objection_sheet", (objection,)),
        Address("evaluation:template", ("bulletin",), sent={"delivered": "1"}),
        Address("evaluation:template_file", ("bulletin",)),
        Address("evaluation:new_objection group", (*bureau, 1), sent=words),
        Address("evaluation:new_objection person", (*receiver, 1), sent=words),
        *(Address(f"evaluation:bulletin_{each} group", bureaus) for each in ("word", "book")),
        *(Address(f"evaluation:bulletin_{each} person", receivers) for each in ("word", "book")),
        Address("evaluation:home", shows=rf"/evaluation/({bureaus[0]}|{receivers[0]})/"),
        Address("evaluation:result", query=month),
        Address("evaluation:live_object", query=month | {"object": world.ids["evaluated"]}),
        Address("evaluation:publish", sent=month),
        Address("evaluation:scheme", ("department",), sent={"name": ""}),
        Address("evaluation:publication group", bureaus),
        Address("evaluation:publication person", receivers),
        Address("evaluation:correct", bureaus, sent={"reason": ""}),
        Address("evaluation:differences", bureaus),
        Address("evaluation:object group", bureau),
        Address("evaluation:object person", receiver),
        Address("evaluation:cases group", bureau, query={"part": "0/of"}),
        Address("evaluation:cases person", receiver, query={"part": "0/of"}),
    ]


def calls(world: World) -> list[Address]:
    """The API."""
    number, day = world.case.number, "2026-03-02T09:00:00+08:00"
    report = {"source": "public", "title": "井盖破损", "received_at": day, "source_id": "api-1"}
    chosen = {"identifier": world.component.identifier}
    special = [
        Address("api:report", sent=report),
        Address("api:case", (number,)),
        Address("api:step", (world.new_case.number, "accept"), sent={"version": world.new_case.version}),
        Address("api:near", query={"lon": "117.005", "lat": "37.005"}),
        Address("api:one", (world.component.identifier,)),
        Address("api:chosen", (number,), sent=chosen),
        Address("api:choose", (number,), sent=chosen),
        Address("api:work_report", (world.ids["issued_report"],)),
        Address("api:targets", shows='"handling_rate"'),
        Address("api:evaluations", shows=rf'"id": {world.ids["receivers"]}\b'),
        Address("api:evaluation bureaus", (world.ids["evaluation"],)),
        Address("api:evaluation receivers", (world.ids["receivers"],)),
        Address("api:figure", ("filed",)),
        Address("api:figure_cases", ("filed",)),
    ]
    known = {each.name for each in special}
    plain = [Address(name) for name in names() if name.startswith("api:") and name not in known]
    return [replace(each, is_json=each.name != "api:upload") for each in special + plain]
