from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from chengyun.core.worktime.units import Unit
from chengyun.taxonomy.forms import limits_of
from chengyun.taxonomy.services.conditions import Limit


def test_limits_are_read_line_by_line():
    assert limits_of("3 工作时\nA类：1.5 紧急工作时\n") == {
        "": Limit(Decimal(3), Unit.WORKING_HOUR.value),
        "A类": Limit(Decimal("1.5"), Unit.URGENT_HOUR.value),
    }


@pytest.mark.parametrize("text", ["3", "0 工作时", "A类：1 工作时", "1 工作时\n2 工作时", "1.234 工作时", "x 工作时"])
def test_limits_that_cannot_be_are_refused(text):
    with pytest.raises(ValidationError):
        limits_of(text)
