"""Control areas."""

from __future__ import annotations

import datetime as dt
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.casework.dispatch import services
from chengyun.casework.dispatch.forms import ControlForm
from chengyun.casework.dispatch.models import ControlArea
from chengyun.casework.dispatch.registers.shared import TITLES, hours
from chengyun.casework.dispatch.windows import Window
from chengyun.core import instants
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people.backoffice.who import BUSINESS, CENTRE, KEEPERS
from chengyun.people.registers.book import Heading
from chengyun.people.registers.cells import MOMENT, TIME, WEEKDAYS, YES, Cell, several
from chengyun.people.registers.declaration import Action, Column, Register, Rows
from chengyun.people.registers.row_book import RowBook
from chengyun.regions import cells as places
from chengyun.taxonomy.cells import MINOR


def _control(*, by: Doer, **given: Any) -> ControlArea:
    if by.user_id is None:
        raise UserError(_("管控须由登录的人员批准。"))
    minors = given.pop("minors")
    window = Window(given.pop("from_time"), given.pop("to_time"), given.pop("weekdays"))
    return services.add_control_area(
        approved_by_id=by.user_id, minor_ids=[minor.pk for minor in minors], window=window, by=by, **given
    )


def _change_control(row: ControlArea, *, by: Doer, **given: Any) -> ControlArea:
    if "minors" in given:
        given["minor_ids"] = [minor.pk for minor in given.pop("minors")]
    return services.change_control_area(row, by=by, **given)


def _approve(row: ControlArea, *, by: Doer) -> str:
    services.change_control_area(row, by=by, is_draft=False)
    return _("管控已启用，由您批准。")


def _state(row: ControlArea) -> str:
    if row.ends_at <= instants.now():
        return _("已结束")
    if row.is_draft:
        return _("草稿")
    return _("管控中") if row.starts_at <= instants.now() else _("未开始")


def _retire_control(row: ControlArea, *, by: Doer, last_day: dt.date) -> None:
    services.end_control_area(row, by=by)


def _end_control(row: ControlArea, *, by: Doer) -> str:
    services.end_control_area(row, by=by)
    return _("管控已结束。")


def _standing(day: dt.date) -> Rows:
    rows = ControlArea.objects.filter(ends_at__gt=instants.now()).select_related("approved_by")
    return rows.prefetch_related("minors__standard").order_by("pk")


def _check_line(values: dict[str, Any], row: ControlArea | None) -> None:
    if values["ends_at"] <= values["starts_at"]:
        raise UserError(_("管控结束时间应晚于开始时间。"), field="ends_at")


def _not_over(row: ControlArea) -> bool:
    return row.ends_at > instants.now()


CONTROLS = Register(
    key="controls",
    title=gettext_lazy("管控区域"),
    group=BUSINESS,
    order=740,
    icon="hand-stop",
    help=gettext_lazy("经批准，在一段时间、一个区域内不采集上报某些小类的问题。"),
    model=ControlArea,
    rows=lambda: ControlArea.objects.select_related("approved_by").prefetch_related("minors"),
    current=lambda rows: rows.filter(ends_at__gt=instants.now()),
    columns=[
        Column(gettext_lazy("名称"), "name", sort="name"),
        Column(
            gettext_lazy("区域"), lambda row: "、".join(row.region_codes) or (_("图形") if row.shape else _("全县"))
        ),
        Column(gettext_lazy("小类"), lambda row: "、".join(map(str, row.minors.all())) or _("全部")),
        Column(gettext_lazy("开始"), "starts_at"),
        Column(gettext_lazy("结束"), "ends_at"),
        Column(gettext_lazy("时段"), hours),
        Column(gettext_lazy("批准人"), lambda row: "" if row.is_draft else row.approved_by),
        Column(gettext_lazy("状态"), _state),
    ],
    readers=CENTRE,
    changers=KEEPERS,
    sort=("-starts_at",),
    search=("name", "reason"),
    search_hint=gettext_lazy("名称或原因"),
    form=ControlForm,
    create=_control,
    change=_change_control,
    may_edit=_not_over,
    bulk_fields=("ends_at", "minors", "region_codes", "weekdays", "reason"),
    actions=[
        Action(
            "approve",
            gettext_lazy("批准启用"),
            _approve,
            KEEPERS,
            shown=lambda row: row.is_draft and _not_over(row),
            rule=gettext_lazy("到开始时间起生效；批准人记为您。"),
            for_many=True,
        ),
        Action(
            "end",
            gettext_lazy("现在结束管控"),
            _end_control,
            KEEPERS,
            shown=_not_over,
            rule=gettext_lazy("从现在起恢复正常采集。"),
            danger=True,
            for_many=True,
        ),
    ],
    titles=TITLES,
    book=RowBook(
        name="管控区域",
        cells=(
            Cell(Heading("名称", "最多 100 字", required=True, width=28), attrgetter("name"), "name"),
            Cell(
                Heading("开始", "写作 2026-12-01 08:00", required=True, width=18),
                attrgetter("starts_at"),
                "starts_at",
                MOMENT,
            ),
            Cell(
                Heading("结束", "写作 2026-12-03 18:00", required=True, width=18),
                attrgetter("ends_at"),
                "ends_at",
                MOMENT,
            ),
            Cell(Heading("原因", "写明批准的依据", required=True, width=40), attrgetter("reason"), "reason"),
            Cell(
                Heading(
                    "区域代码",
                    "9、12 或 15 位代码，多个用顿号隔开；没有图形又留空是全县",
                    width=24,
                ),
                attrgetter("region_codes"),
                "region_codes",
                several(places.REGION),
            ),
            Cell(
                Heading("图形", "各个角的“经度,纬度”（WGS-84），用分号隔开；留空不限图形", width=30),
                attrgetter("shape"),
                "shape",
                places.AREA,
            ),
            Cell(
                Heading("小类", "代码，或分类目录里的全称，多个用顿号隔开；留空是全部小类", width=40),
                lambda row: list(row.minors.all()),
                "minors",
                several(MINOR),
            ),
            Cell(Heading("每天从", "如 08:00，整天留空", width=10), attrgetter("from_time"), "from_time", TIME),
            Cell(Heading("每天到", "如 18:00", width=10), attrgetter("to_time"), "to_time", TIME),
            Cell(
                Heading("星期", "如 12345；每天留空", width=10),
                attrgetter("weekdays"),
                "weekdays",
                WEEKDAYS,
            ),
            Cell(Heading("草稿", "填“是”的批准后才生效", ("是",), width=8), attrgetter("is_draft"), "is_draft", YES),
            Cell(Heading("批准人", told_only=True), attrgetter("approved_by")),
        ),
        key=("名称", "开始"),
        rows=_standing,
        create=_control,
        change=_change_control,
        retire=_retire_control,
        check=_check_line,
        tables=(ControlArea,),
        notes=(
            gettext_lazy("每行一处正在或将要管控的区域；名称和开始时间合起来确定一处，改开始时间请在页面上办理。"),
            gettext_lazy("按完整清单导入时，表里没有的管控现在结束。"),
        ),
    ),
)
