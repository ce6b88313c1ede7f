import pytest

from chengyun.core import configuration
from chengyun.core.shapes import Choice, Fields, ListOf, Misfit, Number, Ranking, Several, Times, Words, YesNo

ROLES = [("receiver", "受理员"), ("chief", "值班长"), ("leader", "领导")]
SHIFTS = Fields({"early": ("早班", Times()), "late": ("晚班", Times())})
PHONES = ListOf(Fields({"name": ("姓名", Words(10, required=True)), "minutes": ("等候", Number(1, 60))}), "人", most=3)

FITTING = [
    (YesNo(), True),
    (Number(1, 24), 8),
    (Number(0.5, 120, whole=False), 2.5),
    (Words(5), "县城"),
    (Times(), "23:30-07:30"),
    (Choice(ROLES), "chief"),
    (Several(ROLES), ["receiver", "leader"]),
    (Ranking(ROLES), ["leader", "receiver", "chief"]),
    (SHIFTS, {"early": "08:00-16:00", "late": "16:00-00:00"}),
    (PHONES, [{"name": "甲", "minutes": 3}, {"name": "乙", "minutes": 5}]),
    (ListOf(Several(ROLES, least=2), "组"), [["receiver", "chief"]]),
]
MISFITS = [
    (YesNo(), "true", ()),
    (Number(1, 24), 0, ()),
    (Number(1, 24), 1.5, ()),
    (Number(1, 24), True, ()),
    (Number(1, 24), "8", ()),
    (Words(5), "六个字的名字", ()),
    (Times(), "08:00", ()),
    (Times(), "25:00-26:00", ()),
    (Choice(ROLES), "collector", ()),
    (Choice(ROLES), ["chief"], ()),
    (Several(ROLES), ["chief", "chief"], ()),
    (Several(ROLES, least=1), [], ()),
    (Several(ROLES), [["chief"]], ()),
    (Ranking(ROLES), ["leader"], ()),
    (SHIFTS, {"early": "08:00-16:00"}, ()),
    (SHIFTS, {"early": "08:00-16:00", "late": "later"}, ("late",)),
    (PHONES, [{"name": "甲", "minutes": 3}, {"name": "", "minutes": 3}], ("1", "name")),
    (PHONES, [{"name": "甲", "minutes": 3}] * 4, ()),
    (PHONES, "甲", ()),
]


@pytest.mark.parametrize(("shape", "value"), FITTING)
def test_a_fitting_value_survives_the_form_unchanged(shape, value):
    shape.check(value)
    assert shape.read(shape.draft(value)) == value


@pytest.mark.parametrize(("shape", "value", "path"), MISFITS)
def test_a_misfit_is_refused_where_it_is(shape, value, path):
    with pytest.raises(Misfit) as caught:
        shape.check(value)
    assert caught.value.path == path


def test_a_refusal_names_row_and_part_and_says_the_rule():
    with pytest.raises(Misfit) as caught:
        PHONES.read([{"name": "甲", "minutes": "3"}, {"name": "乙", "minutes": "三"}])
    assert str(caught.value) == "第 2 行：等候：请填写 1 到 60 的整数。"


def test_values_are_told_in_words():
    assert SHIFTS.told({"early": "08:00-16:00", "late": "16:00-00:00"}) == "早班 08:00-16:00；晚班 16:00-00:00"
    assert Ranking(ROLES).told(["leader", "receiver", "chief"]) == "领导 → 受理员 → 值班长"
    assert ListOf(Several(ROLES), "组").told([["receiver", "chief"]]) == "受理员、值班长"


def test_an_order_that_lacks_a_new_choice_is_shown_with_it():
    assert Ranking(ROLES).draft(["leader", "gone"]) == ["leader", "receiver", "chief"]


@pytest.mark.parametrize("declaration", configuration.declarations().values(), ids=lambda each: each.key)
def test_every_default_has_the_shape_that_its_setting_declares(declaration):
    if declaration.default is not None:
        declaration.refuse_misfit(declaration.default)
        declaration.form.check(declaration.form.read(declaration.form.draft(declaration.default)))
