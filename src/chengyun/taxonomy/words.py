"""Words of files and of what people type; they stay Chinese whatever language the reader of the pages has chosen."""

from __future__ import annotations

from chengyun.core.worktime.units import Unit
from chengyun.taxonomy.models import Kind

KIND_WORDS = {Kind.PART.value: "部件", Kind.MATTER.value: "事项"}
KINDS = {word: kind for kind, word in KIND_WORDS.items()} | {"事件": Kind.MATTER.value}
UNIT_WORDS = {
    Unit.URGENT_HOUR.value: "紧急工作时",
    Unit.URGENT_DAY.value: "紧急工作日",
    Unit.WORKING_HOUR.value: "工作时",
    Unit.WORKING_DAY.value: "工作日",
    Unit.STATUTORY_DAY.value: "法定工作日",
}
UNITS = {word: unit for unit, word in UNIT_WORDS.items()}
