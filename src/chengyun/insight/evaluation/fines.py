"""The guard of 行政处罚法 §74 («不得与考核挂钩», STANDARDS §8): money from fines never enters an evaluation.

It stands in code, not in a setting: asked where a scheme is saved, where one is read back and where one is measured,
so that neither a form, the API nor a row changed by hand gets around it.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.insight.figures.indicator import Indicator

_WORDS: Final = re.compile(
    r"罚款|罚没|罚金|处罚金|处罚收入|没收|罚缴|非税|\bfine[sd]?\b|penalt|confiscat|forfeit", re.IGNORECASE
)
# 元, 万元, yuan. An indicator in money tells of fines or of nothing that an evaluation may know.
_MONEY: Final = re.compile(r"(?<!单)元|yuan|cny|rmb|¥|￥", re.IGNORECASE)


def is_of_fines(indicator: Indicator) -> bool:
    """By key, name, formula, source and unit, whatever module brought it; any unit of money is refused with them."""
    with translation.override("zh-hans"):
        words = " ".join(str(part) for part in (indicator.key, indicator.title, indicator.words, indicator.source))
        unit = str(indicator.unit)
    counted = [indicator.of, indicator.over] if indicator.over else [indicator.of]
    columns = " ".join(f"{each.where} {each.amount}" for each in counted)
    return bool(_MONEY.search(unit) or _WORDS.search(f"{words} {columns}".replace("_", " ")))


def refuse_fines(indicator: Indicator, field: str = "lines") -> None:
    if is_of_fines(indicator):
        raise UserError(
            _("“%s”涉及罚没款项，依照《行政处罚法》第七十四条不得与考核挂钩；请换用其他指标") % indicator.title,
            field=field, code="fines",
        )  # fmt: skip
