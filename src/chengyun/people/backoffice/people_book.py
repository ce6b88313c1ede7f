"""The organisation's Excel round trip: departments, people, posts and appointments in one workbook.

It reads through the same plan as `chengyun load people`; what a row will be is told in the file's own words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from chengyun.core import instants
from chengyun.core.declarations import Text
from chengyun.people.access import Actor
from chengyun.people.models import Appointment, Department, Post, User
from chengyun.people.registers.book import (
    Cells,
    Differences,
    Fault,
    Heading,
    Reading,
    Sheet,
    Standing,
    Terms,
    Written,
)
from chengyun.people.registers.workbook import tables
from chengyun.people.roles import Role
from chengyun.people.services import importing
from chengyun.people.services.plan import Plan
from chengyun.people.services.sheets import Row

Values = dict[str, Any]
YES, NO = "是", "否"
KINDS = {str(value): str(label) for value, label in Department.Kind.choices}
ROLES = {str(value): str(label) for value, label in Role.choices}


class PeopleBook:
    name = "组织人员"
    whole = "never"
    dated = False
    tables: Sequence[Any] = (Department, User, Post, Appointment)
    notes: Sequence[Text] = (
        _("代码或登录名已有的行是修改，没有的是新增；表里没写到的照旧，撤销和停用在页面上办理。"),
        _("新人员不填初始密码时由系统生成，导入后显示一次；已有人员的密码不受影响。"),
        _("提前结束任职，填写那一行的截止日期。"),
    )
    sheets: Sequence[Sheet] = (
        Sheet(
            "部门",
            (
                Heading("部门代码", "字母、数字、横线和下划线", required=True),
                Heading("部门名称", "最多 100 个字", required=True, width=26),
                Heading("简称", "最多 30 个字，不填取名称", width=16),
                Heading("类型", "", tuple(KINDS.values()), required=True),
                Heading("上级代码", "上级部门的部门代码"),
                Heading("区划代码", "乡镇街道 9 位，社区（村）12 位，中心 6 位；其他部门不填"),
                Heading("上线办理", "不上线的由中心代录", (YES, NO), width=10),
                Heading("电话", "数字、空格、括号和横线", width=16),
                Heading("排序", "整数，小的在前", width=8),
            ),
            key=("部门代码",),
            label=("部门代码", "部门名称"),
        ),
        Sheet(
            "人员",
            (
                Heading("登录名", "文字、数字和 . @ - _，不能有空格", required=True, width=16),
                Heading("姓名", "最多 50 个字", required=True),
                Heading("手机号", "数字、空格、括号和横线", width=16),
                Heading("初始密码", "只对新人员有用；至少 10 位，不填由系统生成", width=16),
            ),
            key=("登录名",),
            label=("登录名", "姓名"),
        ),
        Sheet(
            "岗位",
            (
                Heading("岗位代码", "字母、数字、横线和下划线", required=True, width=16),
                Heading("岗位名称", "最多 50 个字", required=True, width=18),
                Heading("部门代码", "岗位不能换部门", required=True),
                Heading("角色", "多个用顿号隔开：" + "、".join(ROLES.values()), required=True, width=26),
            ),
            key=("岗位代码",),
            label=("岗位代码", "岗位名称"),
        ),
        Sheet(
            "任职",
            (
                Heading("登录名", "", required=True, width=16),
                Heading("岗位代码", "", required=True, width=16),
                Heading("开始日期", "写作 2026-01-31，不填为今天"),
                Heading("截止日期", "最后任职的一天；不填一直任职，代岗须填"),
                Heading("代谁履职", "代岗时填被代岗人的登录名", width=16),
            ),
            key=("登录名", "岗位代码", "开始日期"),
        ),
    )

    def standing(self, terms: Terms) -> Standing:
        today = instants.today()
        held = Appointment.objects.select_related("user", "post", "deputy_for").exclude(valid_to__lt=today)
        rows = {
            "部门": [
                _department(each, {}, each.parent) for each in Department.objects.select_related("parent").on(today)
            ],
            "人员": [_user(each, {}) for each in User.objects.filter(is_active=True)],
            "岗位": [_post(each, {}) for each in Post.objects.select_related("department").on(today)],
            "任职": [_appointment(each, {}) for each in held],
        }
        return {sheet.title: {sheet.key_of(cells): cells for cells in rows[sheet.title]} for sheet in self.sheets}

    def read(self, content: bytes, terms: Terms) -> Reading:
        reading = Reading()
        found = tables(self, content, reading.faults)
        rows = {
            sheet.title: [Row(sheet.title, row.number, row.cells) for row in found.get(sheet.title, [])]
            for sheet in self.sheets
        }
        plan = Plan(rows)
        reading.faults += [Fault(each.sheet, each.row, each.column, each.message) for each in plan.faults]
        reading.content = plan
        self._tell(plan, reading)
        reading.prepare = lambda: setattr(plan, "passwords", importing.with_passwords(plan.users.new))
        return reading

    def _tell(self, plan: Plan, reading: Reading) -> None:
        """What the rows of the file will be, in its own words."""
        said: dict[str, Callable[[Any, Values], Cells]] = {
            "部门": lambda row, new: _department(row, new, new.get("parent", plan.parents.get(row.code))),
            "人员": _user,
            "岗位": _post,
        }
        registers = {"部门": plan.departments, "人员": plan.users, "岗位": plan.posts}
        for sheet in self.sheets[:3]:
            taken = registers[sheet.title]
            for key, number in taken.places.items():
                reading.add(sheet, said[sheet.title](taken.known[key], taken.changed.get(key, {})), number)
        for appointment, new, number in plan.taken:
            reading.add(self.sheets[3], _appointment(appointment, new), number)

    def write(self, reading: Reading, found: Differences, terms: Terms, *, by: Actor) -> Written:
        importing.write(reading.content, by=by)
        lines = [(each.username, each.name, each.password) for each in reading.content.passwords]
        heads = [("登录名", "姓名", "初始密码")] if lines else []
        return Written(told_once=[*heads, *lines], advice=_("初始密码只显示这一次，请当面告知本人；首次登录须修改。"))


def _department(row: Department, new: Values, parent: Department | None) -> Cells:
    def now(name: str) -> Any:
        return new.get(name, getattr(row, name))

    return {
        "部门代码": row.code,
        "部门名称": now("name"),
        "简称": now("short_name"),
        "类型": KINDS[now("kind")],
        "上级代码": parent.code if parent else "",
        "区划代码": now("region_code"),
        "上线办理": YES if now("works_online") else NO,
        "电话": now("phone"),
        "排序": str(now("sort_order")),
    }


def _user(row: User, new: Values) -> Cells:
    return {"登录名": row.username, "姓名": new.get("name", row.name), "手机号": new.get("phone", row.phone)}


def _post(row: Post, new: Values) -> Cells:
    roles = "、".join(ROLES.get(role, role) for role in new.get("roles", row.roles))
    return {
        "岗位代码": row.code,
        "岗位名称": new.get("name", row.name),
        "部门代码": row.department.code,
        "角色": roles,
    }


def _appointment(row: Appointment, new: Values) -> Cells:
    ends = new.get("valid_to", row.valid_to)
    return {
        "登录名": row.user.username,
        "岗位代码": row.post.code,
        "开始日期": row.valid_from.isoformat(),
        "截止日期": ends.isoformat() if ends else "",
        "代谁履职": row.deputy_for.username if row.deputy_for else "",
    }
