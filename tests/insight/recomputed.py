"""The indicators once more: plain rows and plain Python, nothing of the code that is judged.

What is told of now is told of the frozen moment of the test. The rows are read once and kept until `forget_rows()`.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import cache, partial

from chengyun.casework.cases.models import Case, Report, Step
from chengyun.casework.clocks.models import Clock
from chengyun.core import instants


def forget_rows():
    histories.cache_clear()
    handle_clocks.cache_clear()


def in_period(moment, period):
    return moment is not None and period.first <= moment.astimezone(instants.SHANGHAI).date() <= period.last


def live_steps(period, *verbs):
    """Steps of these verbs within the period that nobody took back."""
    found = []
    for chain in histories().values():
        undone = {step.data["undone"]["seq"] for step in chain if step.verb == "undo"}
        found += [s for s in chain if s.verb in verbs and s.seq not in undone and in_period(s.at, period)]
    return found


@cache
def histories():
    chains = defaultdict(list)
    for step in Step.objects.select_related("case").order_by("case_id", "seq"):
        chains[step.case_id].append(step)
    return chains


def is_late(case):
    """The handle clock passed its deadline, now or whenever it came to a stand."""
    if case.handling_overdue:
        return True
    clock = handle_clocks().get(case.pk)
    if clock is None or case.ended_at is not None:
        return False
    return (clock.stopped_at or clock.paused_at or instants.now()) > clock.due_at


@cache
def handle_clocks():
    return {clock.case_id: clock for clock in Clock.objects.filter(stage="handle")}


def filed(period):
    return [case for case in Case.objects.exclude(stage="merged") if in_period(case.filed_at, period)]


def owed(period):
    return [
        case
        for case in filed(period)
        if case.stage not in ("void", "suspended") and (is_handled(case) or is_late(case))
    ]


def is_handled(case):
    return case.stage == "closed" or (case.fed_back_at is not None and not came_back(case))


def came_back(case):
    """Handled once perhaps, and before the department or the dispatcher again."""
    before = ("reported", "verifying", "accepted", "filed", "voiding")
    return case.stage in (*before, "dispatched", "handling", "returning", "suspended")


def fed_back(period):
    cases = Case.objects.exclude(stage__in=("void", "merged"))
    return [c for c in cases if in_period(c.fed_back_at, period) and not came_back(c)]


def is_on_time(case):
    """Never late, or excused and, should it have begun anew since, not late again."""
    if not is_late(case):
        return True
    clock = handle_clocks().get(case.pk)
    is_last_late = clock and (clock.stopped_at or clock.paused_at or instants.now()) > clock.due_at
    return case.overdue_exempt and (clock is None or clock.exempt or not is_last_late)


def share(rows, holds):
    return (sum(map(bool, map(holds, rows))), len(rows))


def on_time(step):
    due = [e["due"] for e in step.clock_effects if e["effect"] in ("pause", "stop")]
    return not due or step.at <= dt.datetime.fromisoformat(due[0])


def lit(colour, _period):
    """As the lists show them now, whatever the period."""
    return [c for c in Case.objects.filter(ended_at=None) if c.lamp(instants.now()) == colour]


COUNTS = {
    "reported": lambda p: [r for r in Report.objects.all() if in_period(r.received_at, p)],
    "accepted": lambda p: [c for c in Case.objects.all() if in_period(c.accepted_at, p)],
    "refused": lambda p: [c for c in Case.objects.filter(stage="refused") if in_period(c.ended_at, p)],
    "filed": filed,
    "dispatched": lambda p: live_steps(p, "dispatch"),
    "handled": fed_back,
    "closed": lambda p: [c for c in Case.objects.filter(stage="closed") if in_period(c.closed_at, p)],
    "voided": lambda p: [c for c in Case.objects.filter(stage="void") if in_period(c.ended_at, p)],
    "late": lambda p: [c for c in filed(p) if is_late(c)],
    "exempted": lambda p: [c for c in filed(p) if c.overdue_exempt],
    "supervised": lambda p: live_steps(p, "supervise"),
    "reworked": lambda p: live_steps(p, "check_fail", "rework"),
    "acceptances": lambda p: live_steps(p, "accept"),
    "returned": lambda p: live_steps(p, "grant_return"),
    **{f"lamp_{colour}": partial(lit, colour) for colour in ("green", "yellow", "red", "grey")},
}
SHARES = {
    "closing_rate": lambda p: share(owed(p), lambda c: c.stage == "closed"),
    "on_time_closing_rate": lambda p: share(owed(p), lambda c: c.stage == "closed" and is_on_time(c)),
    "late_closing_rate": lambda p: share(owed(p), lambda c: c.stage == "closed" and not is_on_time(c)),
    "late_unhandled_rate": lambda p: share(owed(p), lambda c: not is_handled(c)),
    "open_rate": lambda p: share(
        [r for r in Report.objects.select_related("case") if in_period(r.received_at, p)],
        lambda r: r.case.ended_at is None,
    ),
    "handling_rate": lambda p: share(owed(p), is_handled),
    "on_time_handling_rate": lambda p: share(owed(p), lambda c: is_handled(c) and is_on_time(c)),
    "rework_rate": lambda p: share(owed(p), lambda c: c.rework_count),
    "extension_rate": lambda p: share(owed(p), lambda c: c.extension_count),
    "check_pass_rate": lambda p: share(live_steps(p, "check_pass", "check_fail"), lambda s: s.verb == "check_pass"),
    "return_rate": lambda p: (len(live_steps(p, "grant_return")), len(live_steps(p, "dispatch"))),
    "told_rate": lambda p: share(filed(p), lambda c: c.source in ("hotline", "public")),
    "valid_report_rate": lambda p: share(
        [r for r in Report.objects.filter(source="collector").select_related("case") if in_period(r.received_at, p)],
        lambda r: r.case.filed_at,
    ),
    "on_time_accept_rate": lambda p: share(live_steps(p, "accept", "refuse"), on_time),
    "accurate_filing_rate": lambda p: share(filed(p), lambda c: c.stage != "void"),
    "filing_accuracy": lambda p: share(live_steps(p, "file"), lambda s: s.case.stage != "void"),
    "verify_sent_rate": lambda p: share(live_steps(p, "send_verify"), on_time),
    "accurate_dispatch_rate": lambda p: share(live_steps(p, "dispatch"), is_accurate),
}


def is_accurate(step):
    named = [s for s in histories()[step.case_id] if s.seq > step.seq and s.verb in ("dispatch", "decide_dispute")]
    return not named or named[0].data["department"]["id"] == step.data["department"]["id"]


ROUNDS = {
    "on_time_dispatch_rate": ("dispatch", ("dispatch",), ("apply_void", "merge")),
    "on_time_verify_rate": ("verify", ("verify_report",), ("recall_verify",)),
    "on_time_check_rate": ("check", ("check_pass", "check_fail"), ("recall_check",)),
    "on_time_close_rate": ("close", ("close",), ("rework",)),
}


def rounds_of(key, period):
    """(in time, all) rounds of the timed stage that were begun within the period and not dropped."""
    clock, good, dropped = ROUNDS[key]
    hits = total = 0
    for chain in histories().values():
        rounds = {}
        for step in chain:
            for effect in step.clock_effects:
                if effect["clock"] != clock:
                    continue
                if effect["effect"] in ("start", "restart"):
                    rounds[effect["round"]] = [step.at, effect["due"], None, None]
                elif effect["effect"] in ("pause", "stop") and rounds[effect["round"]][2] is None:
                    rounds[effect["round"]][1:] = [effect["due"], step.verb, step.at]
                elif effect["effect"] == "resume":
                    rounds[effect["round"]][1:] = [effect["due"], None, None]
        for begun, due, verb, at in rounds.values():
            if in_period(begun, period) and verb not in dropped:
                total += 1
                hits += verb in good and at <= dt.datetime.fromisoformat(due)
    return hits, total


def open_cases(period):
    return [case for case in filed(period) if case.ended_at is None]


STOCKS = {
    "open": open_cases,
    "open_late": lambda p: [c for c in open_cases(p) if not is_handled(c) and is_late(c)],
    "suspended": lambda p: [c for c in filed(p) if c.stage == "suspended"],
}


def handling_hours(period):
    """(hours between dispatch and feedback, cases)."""
    cases = fed_back(period)
    hours = [(c.fed_back_at - (c.dispatched_at or c.fed_back_at)).total_seconds() / 3600 for c in cases]
    return sum(hours), len(cases)


def recomputed(key, period):
    """(numerator, denominator); a count has no denominator."""
    if key in COUNTS or key in STOCKS:
        return len({**COUNTS, **STOCKS}[key](period)), None
    if key in SHARES:
        return SHARES[key](period)
    return rounds_of(key, period) if key in ROUNDS else handling_hours(period)


KEYS = {*COUNTS, *STOCKS, *SHARES, *ROUNDS, "mean_handling_hours"}
