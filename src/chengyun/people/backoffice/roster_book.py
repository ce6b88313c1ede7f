"""The duty roster's Excel round trip: the turns from today on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core import instants
from chengyun.core.declarations import Text
from chengyun.core.errors import UserError
from chengyun.people.access import Actor
from chengyun.people.models import Appointment, DutyShift, Post, User
from chengyun.people.registers.book import (
    Cells,
    Differences,
    Fault,
    Heading,
    Key,
    Reading,
    Sheet,
    Standing,
    Terms,
    Written,
    refuse_repeated,
)
from chengyun.people.registers.workbook import Row, tables
from chengyun.people.services.roster import cancel_shift, county_hours, plan_shift, shift_times

SHEET = "值班表"
NAMES = {str(label): str(value) for value, label in DutyShift.Name.choices}
LABELS = {value: label for label, value in NAMES.items()}


@dataclass(frozen=True)
class Turn:
    """A row of the file, understood."""

    day: dt.date
    name: str
    user: User
    post: Post
    hours: str
    phone: str
    call_order: int

    @property
    def cells(self) -> Cells:
        return _cells(self.day, self.name, self.user, self.post, self.hours, self.phone, self.call_order)


class RosterBook:
    name = "值班表"
    whole = "choice"
    dated = False
    tables: Sequence[Any] = (DutyShift,)
    notes: Sequence[Text] = (
        gettext_lazy("每行一个人的一个班；只看今天和以后的班。日期、班次和登录名合起来确定一个班。"),
        gettext_lazy("时间不填用本县的班次时间；晚上的班结束在第二天也写在同一行。"),
    )
    sheets: Sequence[Sheet] = (
        Sheet(
            SHEET,
            (
                Heading("日期", "写作 2026-01-31", required=True),
                Heading("班次", "", tuple(NAMES), required=True, width=8),
                Heading("登录名", "值班人的登录名", required=True, width=16),
                Heading("姓名", told_only=True),
                Heading("岗位代码", "当天任的岗位", required=True, width=16),
                Heading("时间", "如 08:00-16:00；不填用本县的班次时间", width=16),
                Heading("电话", "数字、空格、括号和横线", width=16),
                Heading("呼叫顺序", "1 至 99，紧急时先叫小的；不填按岗位", width=10),
            ),
            key=("日期", "班次", "登录名"),
            label=("日期", "班次", "姓名", "登录名"),
        ),
    )

    def standing(self, terms: Terms) -> Standing:
        return {SHEET: {self.sheets[0].key_of(cells): cells for cells in (_shift_cells(each) for each in _shifts())}}

    def read(self, content: bytes, terms: Terms) -> Reading:
        reading = Reading(content={})
        lookup = _Lookup()
        for row in tables(self, content, reading.faults).get(SHEET, []):
            try:
                turn = lookup.turn(row)
            except UserError as error:
                reading.faults.append(Fault(SHEET, row.number, error.field, str(error)))
                continue
            if not refuse_repeated(self.sheets[0], turn.cells, row.number, reading):
                reading.add(self.sheets[0], turn.cells, row.number)
                reading.content[self.sheets[0].key_of(turn.cells)] = turn
        return reading

    def write(self, reading: Reading, found: Differences, terms: Terms, *, by: Actor) -> Written:
        """A changed turn is cancelled and planned anew: the roster keeps who had it before."""
        standing = {self.sheets[0].key_of(_shift_cells(each)): each for each in _shifts()}
        for each in [*found.retired, *found.changed]:
            cancel_shift(standing[each.key], by=by)
        for each in [*found.changed, *found.added]:
            _plan(reading.content[each.key], each.key, by=by)
        return Written()


def _shifts() -> Any:
    rows = DutyShift.objects.filter(day__gte=instants.today(), is_cancelled=False)
    return rows.select_related("user", "post")


def _plan(turn: Turn, key: Key, *, by: Actor) -> None:
    try:
        plan_shift(
            by=by,
            day=turn.day,
            name=turn.name,
            user=turn.user,
            post=turn.post,
            phone=turn.phone,
            hours=turn.hours,
            call_order=turn.call_order,
        )
    except UserError as error:
        raise UserError(f"{'、'.join(key)}：{error}", field="file") from error


def _shift_cells(shift: DutyShift) -> Cells:
    starts, ends = (moment.astimezone(instants.SHANGHAI) for moment in (shift.starts_at, shift.ends_at))
    hours = f"{starts:%H:%M}-{ends:%H:%M}"
    return _cells(shift.day, shift.name, shift.user, shift.post, hours, shift.phone, shift.call_order)


def _cells(day: dt.date, name: str, user: User, post: Post, hours: str, phone: str, call_order: int) -> Cells:
    return {
        "日期": day.isoformat(),
        "班次": LABELS[name],
        "登录名": user.username,
        "姓名": user.name,
        "岗位代码": post.code,
        "时间": hours,
        "电话": phone,
        "呼叫顺序": str(call_order or ""),
    }


class _Lookup:
    """What rows are looked up in, read once."""

    def __init__(self) -> None:
        self.users = {each.username: each for each in User.objects.filter(is_active=True)}
        self.posts = {each.code: each for each in Post.objects.all()}
        held = Appointment.objects.exclude(valid_to__lt=instants.today())
        self.held = list(held.values_list("user", "post", "valid_from", "valid_to"))

    def turn(self, row: Row) -> Turn:
        day, name = _day(row["日期"]), NAMES.get(row["班次"], "")
        if not name:
            raise UserError(_("班次应为：%(names)s。") % {"names": "、".join(NAMES)}, field="班次")
        user, post = self.users.get(row["登录名"]), self.posts.get(row["岗位代码"])
        if user is None:
            raise UserError(_("没有登录名为 %s 的启用人员。") % row["登录名"], field="登录名")
        if post is None or not self._holds(user, post, day):
            raise UserError(_("该人员当天不任此岗，请另选人员或岗位。"), field="岗位代码")
        return Turn(day, name, user, post, _hours(row["时间"] or county_hours(name), day), row["电话"], _order(row))

    def _holds(self, user: User, post: Post, day: dt.date) -> bool:
        return any(
            (user_id, post_id) == (user.pk, post.pk) and first <= day and (last is None or day <= last)
            for user_id, post_id, first, last in self.held
        )


def _day(text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text.replace("/", "-"))
    except ValueError as error:
        raise UserError(_("日期应写作 2026-01-31。"), field="日期") from error
    if day < instants.today():
        raise UserError(_("已经过去的班不能再改，请删去这一行。"), field="日期")
    return day


def _hours(text: str, day: dt.date) -> str:
    """As the export writes it."""
    try:
        starts, ends = (each.astimezone(instants.SHANGHAI) for each in shift_times(day, text))
    except UserError as error:
        raise UserError(str(error), field="时间") from error
    return f"{starts:%H:%M}-{ends:%H:%M}"


def _order(row: Row) -> int:
    text = row["呼叫顺序"]
    if text and not (text.isdecimal() and int(text) < 100):
        raise UserError(_("呼叫顺序应是 1 到 99 之间的整数，不填按岗位。"), field="呼叫顺序")
    return int(text or 0)
