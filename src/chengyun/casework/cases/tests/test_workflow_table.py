"""The table of steps holds together: what it names exists, every stage is reached and left, keys do not collide."""

from collections import Counter

import pytest

from chengyun.casework.cases.clock_moves import OPERATIONS
from chengyun.casework.cases.consequences import CONSEQUENCES
from chengyun.casework.cases.fields import FIELDS
from chengyun.casework.cases.forms import MAKERS
from chengyun.casework.cases.guards import GUARDS, NEED_INPUT
from chengyun.casework.cases.notices import TO_COLLECTOR, TO_DEPARTMENT
from chengyun.casework.cases.page import MAIN_PATH
from chengyun.casework.cases.planner import CLOCK_OF
from chengyun.casework.cases.services.resolve import OTHERS, RESOLVERS
from chengyun.casework.cases.services.steps import FOLLOW_UPS
from chengyun.casework.cases.workflow import (
    AUTHOR,
    BEFORE,
    ENDED,
    OPEN,
    RESUME_OR_RESTART,
    SAME,
    START_TOLD,
    STEPS,
    SYSTEM,
    WAITS_FOR,
    Stage,
)
from chengyun.casework.cases.writer import MOMENTS

# A request is answered by either «yes» or «no», and only one kind of request is open at a time: their keys are shared.
ANSWERS = {"awaits_endorsement", "awaits_extension", "awaits_suspension"}
APPEALS = {"appeal_is_new", "appeal_is_endorsed"}

steps = pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
stages = pytest.mark.parametrize("stage", Stage)


@steps
def test_every_field_is_known(step):
    assert set(step.brings) | set(step.may_bring) <= set(FIELDS)


@steps
def test_no_field_is_asked_twice(step):
    assert max(Counter((*step.brings, *step.may_bring)).values(), default=1) == 1


@steps
def test_every_guard_is_known(step):
    assert set(step.guards) <= set(GUARDS)


@steps
def test_every_clock_effect_can_be_done(step):
    assert {effect.op for effect in step.clocks} <= set(OPERATIONS) | {RESUME_OR_RESTART, START_TOLD}


@steps
def test_a_step_leads_to_a_stage(step):
    assert step.target in (SAME, BEFORE) or step.target in Stage.values


@steps
def test_somebody_may_take_it(step):
    assert step.who
    assert [who for who in step.who if who.role is None and who not in (SYSTEM, AUTHOR)] == []


def test_a_verb_names_its_row():
    assert [verb for verb, step in STEPS.items() if step.verb != verb] == []


@pytest.mark.parametrize(
    "verbs",
    [CONSEQUENCES, FOLLOW_UPS, MOMENTS, MAIN_PATH, TO_DEPARTMENT, TO_COLLECTOR],
    ids=["consequences", "follow-ups", "pictures", "main path", "notices to departments", "notices to collectors"],
)
def test_other_lists_name_only_known_verbs(verbs):
    assert set(verbs) <= set(STEPS)


def test_no_guard_is_idle():
    assert set(GUARDS) == {name for step in STEPS.values() for name in step.guards}
    assert set(NEED_INPUT) <= set(GUARDS)


def test_no_field_is_idle():
    assert set(FIELDS) == {name for step in STEPS.values() for name in (*step.brings, *step.may_bring)}


def test_every_kind_of_field_has_a_form_and_a_reader():
    kinds = {field.kind for field in FIELDS.values()}
    assert kinds <= set(MAKERS)
    assert kinds <= set(RESOLVERS) | set(OTHERS)


@stages
def test_every_stage_is_reached(stage):
    reached, waiting = set(), {STEPS["report"].target}
    while waiting:
        reached |= waiting
        waiting = {step.target for step in STEPS.values() if set(step.source) & reached} - reached - {SAME, BEFORE}
    assert stage in reached


@pytest.mark.parametrize("stage", OPEN)
def test_every_open_stage_leads_to_an_end(stage):
    found, waiting = set(), {stage}
    while waiting:
        found |= waiting
        waiting = {step.target for step in STEPS.values() if set(step.source) & found} - found - {SAME, BEFORE}
    assert found & set(ENDED)


@pytest.mark.parametrize("stage", [stage for stage in OPEN if stage != Stage.SUSPENDED])
def test_every_open_stage_lies_before_somebody_who_can_move_it_on(stage):
    role = WAITS_FOR[stage]
    moves = [step for step in STEPS.values() if stage in step.source and step.target not in (SAME, BEFORE, stage)]
    assert [step.verb for step in moves if role in {who.role for who in step.who}]


def test_what_has_ended_or_is_suspended_lies_before_nobody():
    assert set(WAITS_FOR) == set(OPEN) - {Stage.SUSPENDED}


def test_only_a_closed_case_comes_back():
    back = {source for step in STEPS.values() if step.target not in (SAME, BEFORE, *ENDED) for source in step.source}
    assert back & set(ENDED) == {Stage.CLOSED}


@stages
def test_a_stage_shows_only_a_clock_that_a_step_starts(stage):
    starting = ("start", "restart", RESUME_OR_RESTART)
    started = {effect.clock for step in STEPS.values() for effect in step.clocks if effect.op in starting}
    assert stage not in CLOCK_OF or CLOCK_OF[stage] in started


@stages
def test_no_key_takes_two_steps_of_one_role(stage):
    """Keys are held by the steps shown as buttons; two that no case can offer together may share one."""
    held = Counter(
        (role, step.key)
        for step in STEPS.values()
        if stage in step.source and step.key and not step.minor and not _answers_another_request(step)
        for role in {who.role for who in step.who}
    )
    assert [pair for pair, count in held.items() if count > 1] == []


def _answers_another_request(step):
    """Of the steps that answer the one pending request the first of each kind stands for all."""
    return bool(set(step.guards) & (ANSWERS | APPEALS)) and step.verb not in ("endorse", "endorse_appeal")


def test_every_key_is_one_letter():
    assert [step.verb for step in STEPS.values() if step.key and not (len(step.key) == 1 and step.key.islower())] == []


def test_minor_steps_have_no_key():
    assert [step.verb for step in STEPS.values() if step.minor and step.key] == []


def test_what_people_take_and_is_no_button_is_minor_or_has_a_key():
    people = [step for step in STEPS.values() if any(who.role for who in step.who)]
    assert [step.verb for step in people if not step.minor and not step.key] == []


def test_what_ended_a_case_or_brought_pictures_is_not_undone():
    undone = [step for step in STEPS.values() if step.undoable]
    assert [step.verb for step in undone if step.target in ENDED or "photos" in (*step.brings, *step.may_bring)] == []


def test_what_is_taken_for_many_is_taken_by_people_and_changes_one_case_each():
    many = [step for step in STEPS.values() if step.bulk]
    assert [step.verb for step in many if {"photos", "target", "others"} & set(step.brings)] == []
