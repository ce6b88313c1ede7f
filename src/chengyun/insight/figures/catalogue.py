"""The indicators over cases (STANDARDS §3, `evaluation_indicators.csv`).

GB/T 30428.4-2016 itself was not at hand: formulas are those found in use, and «local» says where a reading is ours.
Shares are of a cohort, the cases filed (or the rounds begun) in the period, so that none exceeds 100 %. An overdue mark
that an appeal took away counts as on time; the raw fact has figures of its own beside it.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from chengyun.insight.figures.indicator import PER_CENT, Better, Indicator, Measure

PIECES: Final = _("件")
TIMES: Final = _("次")
HOURS: Final = _("小时")
EVALUATION: Final = "GB/T 30428.4-2016"
LOCAL: Final = _("本地口径")

# --- what is counted --------------------------------------------------------------------------------------------------

LATE = "(c.is_overdue OR (c.ended_at IS NULL AND coalesce(c.handle_ended_at, $as_of) > c.handle_due_at))"
# An exemption excuses what lay before it, not what is late once the case was opened again.
EXCUSED = "(c.is_exempt AND NOT coalesce(c.late_again_at < $as_of, false))"
ON_TIME = f"({EXCUSED} OR NOT coalesce({LATE}, false))"
HANDLED = "(c.fed_back_at IS NOT NULL OR c.stage = 'closed')"

REPORTS = Measure("reports", "f.received_at")
ACCEPTED = Measure("cases", "c.accepted_at")
FILED = Measure("cases", "c.filed_at", "c.stage <> 'merged'")
# 应处置, 应结案 = 处置数 + 超时未处置数 (STANDARDS §3); what was voided or is suspended is nobody's debt.
OWED = FILED.also(f"c.stage NOT IN ('void', 'suspended') AND ({HANDLED} OR coalesce({LATE}, false))")
HANDLED_CASES = Measure("cases", "c.fed_back_at", "c.stage NOT IN ('void', 'merged')")
TAKEN = "NOT f.is_undone"
# What shows a lamp now, whatever waits for it: `cases.models.lamp_at` said over the facts.
TIMED = "c.ended_at IS NULL AND c.due_at IS NOT NULL"
RUNNING = f"{TIMED} AND NOT c.is_paused"


def lit(where: str) -> Measure:
    return Measure("cases", "", where)


def steps(*verbs: str) -> Measure:
    """Steps taken in the period, without those that were taken back."""
    return Measure("steps", "f.at", f"f.verb IN ({', '.join(map(repr, verbs))}) AND {TAKEN}")


def rounds(clock: str, *dropped: str) -> Measure:
    """Rounds of a stage begun in the period, except those that these steps cut short."""
    cut = f" AND f.ended_by NOT IN ({', '.join(map(repr, dropped))})" if dropped else ""
    return Measure("rounds", "f.begun_at", f"f.clock = '{clock}'{cut}")


def in_time(ended_by: str) -> str:
    return f"f.ended_by = '{ended_by}' AND f.ended_at <= f.due_at"


COLLECTED = Measure("reports", "f.received_at", "f.source = 'collector'")
# Told by citizens and found to be true; the collectors had passed it by (监督举报, 漏报).
TOLD = FILED.also("c.source IN ('hotline', 'public')")
DISPATCHES = steps("dispatch")
CHECKS = steps("check_pass", "check_fail")
VERIFY = rounds("verify", "recall_verify")
CHECK = rounds("check", "recall_check")
DISPATCH = rounds("dispatch", "apply_void", "merge")
CLOSE = rounds("close", "rework")
OPEN_AT_END = "c.filed_at < $until AND (c.ended_at IS NULL OR c.ended_at >= $until)"

# --- counts -----------------------------------------------------------------------------------------------------------

COUNTS = (
    Indicator("reported", _("上报数"), _("收到的上报，含并入已有案件的"), PIECES, EVALUATION, REPORTS),
    Indicator("accepted", _("受理数"), _("受理的案件"), PIECES, EVALUATION, ACCEPTED),
    Indicator(
        "refused", _("不予受理数"), _("不予受理、不予立案的案件"), PIECES, LOCAL,
        Measure("cases", "c.ended_at", "c.stage = 'refused'"),
    ),
    Indicator("filed", _("立案数"), _("立案的案件，不含并案"), PIECES, EVALUATION, FILED),
    Indicator("dispatched", _("派遣数"), _("派遣次数，不含撤销的"), TIMES, EVALUATION, DISPATCHES),
    Indicator(
        "handled", _("处置数"), _("已反馈处置结果的案件；退回重办、重新立案后未再反馈的不计"), PIECES, EVALUATION,
        HANDLED_CASES, None, Better.MORE,
    ),
    Indicator(
        "closed", _("结案数"), _("结案的案件"), PIECES, EVALUATION,
        Measure("cases", "c.closed_at", "c.stage = 'closed'"),
        None, Better.MORE,
    ),
    Indicator(
        "voided", _("作废数"), _("作废的案件"), PIECES, LOCAL, Measure("cases", "c.ended_at", "c.stage = 'void'")
    ),
    Indicator(
        "open", _("未结案数"), _("期末已立案而未结束的案件"), PIECES, LOCAL, Measure("cases", "", OPEN_AT_END),
        None, Better.LESS,
    ),
    Indicator(
        "open_late", _("超期未处置数"), _("现在已超期而未反馈处置结果的案件，含退回重办的"), PIECES, LOCAL,
        Measure("cases", "", f"c.filed_at < $until AND c.ended_at IS NULL AND c.fed_back_at IS NULL AND {LATE}"),
        None, Better.LESS,
    ),
    Indicator(
        "suspended", _("挂账数"), _("现在挂账的案件"), PIECES, LOCAL,
        Measure("cases", "", "c.filed_at < $until AND c.stage = 'suspended'"),
    ),
    Indicator("lamp_green", _("绿灯数"), _("现在计时、时限用了不到八成的案件"), PIECES, LOCAL,
              lit(f"{RUNNING} AND c.yellow_at > $as_of")),
    Indicator("lamp_yellow", _("黄灯数"), _("现在计时、时限用了八成以上的案件"), PIECES, LOCAL,
              lit(f"{RUNNING} AND c.yellow_at <= $as_of AND c.due_at >= $as_of"), None, Better.LESS),
    Indicator("lamp_red", _("红灯数"), _("现在计时、已超过本环节时限的案件"), PIECES, LOCAL,
              lit(f"{RUNNING} AND c.due_at < $as_of"), None, Better.LESS),
    Indicator("lamp_grey", _("灰灯数"), _("现在暂停计时的案件"), PIECES, LOCAL, lit(f"{TIMED} AND c.is_paused")),
    Indicator(
        "late", _("超期数（原始）"), _("期内立案、处置超期的案件，不论申诉"), PIECES, LOCAL, FILED.also(LATE), None,
        Better.LESS,
    ),
    Indicator(
        "exempted", _("申诉豁免数"), _("期内立案、超期标记经申诉豁免的案件"), PIECES, LOCAL, FILED.also("c.is_exempt")
    ),
    Indicator(
        "supervised", _("督办数"), _("期内提出的督办，部门按被督办时的承办部门计"), TIMES, LOCAL,
        Measure("requests", "f.asked_at", "f.kind = 'supervision'"),
    ),
    Indicator("reworked", _("返工数"), _("核查不通过和退回返工的次数"), TIMES, EVALUATION,
              steps("check_fail", "rework"), None, Better.LESS),
    # Of whoever took the step; `accepted` counts cases, which know their handler only.
    Indicator("acceptances", _("经办受理数"), _("办理受理的次数，不含撤销的，按办理人计"), TIMES, LOCAL,
              steps("accept")),
    Indicator("returned", _("回退数"), _("同意回退的次数"), TIMES, LOCAL, steps("grant_return"), None, Better.LESS),
)  # fmt: skip

# --- shares and means -------------------------------------------------------------------------------------------------

SHARES = (
    Indicator(
        "closing_rate", _("结案率"), _("结案数 ÷ 应结案数；应结案 = 已处置 + 超期未处置"), PER_CENT, EVALUATION,
        OWED.also("c.stage = 'closed'"), OWED, Better.MORE,
    ),
    Indicator(
        "on_time_closing_rate", _("按期结案率"), _("按期处置并结案的案件 ÷ 应结案数"), PER_CENT, EVALUATION,
        OWED.also(f"c.stage = 'closed' AND {ON_TIME}"), OWED, Better.MORE,
    ),
    Indicator(
        "late_closing_rate", _("超期结案率"), _("超期处置并结案的案件 ÷ 应结案数"), PER_CENT, LOCAL,
        OWED.also(f"c.stage = 'closed' AND NOT {ON_TIME}"), OWED, Better.LESS,
    ),
    Indicator(
        "open_rate", _("未结案率"), _("案件还没有结束的上报 ÷ 上报数"), PER_CENT, LOCAL,
        REPORTS.also("c.ended_at IS NULL"), REPORTS, Better.LESS,
    ),
    Indicator(
        "handling_rate", _("处置率"), _("处置数 ÷ 应处置数；应处置 = 已处置 + 超期未处置"), PER_CENT, EVALUATION,
        OWED.also(HANDLED), OWED, Better.MORE,
    ),
    Indicator(
        "on_time_handling_rate", _("按期处置率"), _("按期处置数 ÷ 应处置数；经申诉豁免的按按期计"), PER_CENT,
        EVALUATION,
        OWED.also(f"{HANDLED} AND {ON_TIME}"), OWED, Better.MORE,
    ),
    Indicator(
        "late_unhandled_rate", _("超期待处置率"), _("超期未处置的案件 ÷ 应处置数"), PER_CENT, LOCAL,
        OWED.also(f"NOT {HANDLED}"), OWED, Better.LESS,
    ),
    Indicator(
        "rework_rate", _("返工率"), _("有返工的案件 ÷ 应结案数"), PER_CENT, EVALUATION,
        OWED.also("c.rework_count > 0"), OWED, Better.LESS,
    ),
    Indicator(
        "extension_rate", _("延期率"), _("获准延期的案件 ÷ 应处置数"), PER_CENT, LOCAL,
        OWED.also("c.extension_count > 0"), OWED, Better.LESS,
    ),
    Indicator(
        "return_rate", _("回退率"), _("同意回退的次数 ÷ 派遣次数"), PER_CENT, LOCAL,
        steps("grant_return"), DISPATCHES, Better.LESS,
    ),
    Indicator(
        "check_pass_rate", _("核查通过率"), _("核查通过次数 ÷ 核查次数"), PER_CENT, LOCAL,
        steps("check_pass"), CHECKS, Better.MORE,
    ),
    Indicator(
        "mean_handling_hours", _("平均处置用时"), _("从首次派遣到处置反馈的自然小时数之和 ÷ 处置数"), HOURS, LOCAL,
        Measure("cases", "c.fed_back_at", HANDLED_CASES.where,
                "greatest(epoch(c.fed_back_at - coalesce(c.dispatched_at, c.fed_back_at)), 0) / 3600"),
        HANDLED_CASES, Better.LESS,
    ),
    Indicator(
        "told_rate", _("监督举报率"), _("公众和热线举报并立案的案件 ÷ 立案数"), PER_CENT, EVALUATION, TOLD, FILED,
        Better.LESS,
    ),
    Indicator(
        "valid_report_rate", _("有效上报率"), _("采集员上报中立案的 ÷ 采集员上报数"), PER_CENT, EVALUATION,
        COLLECTED.also("c.filed_at IS NOT NULL"), COLLECTED, Better.MORE,
    ),
    Indicator(
        "on_time_accept_rate", _("按时受理率"), _("在时限内受理或不予受理的 ÷ 受理和不予受理的"), PER_CENT, LOCAL,
        steps("accept", "refuse").also("f.clock_due_at IS NULL OR f.at <= f.clock_due_at"), steps("accept", "refuse"),
        Better.MORE,
    ),
    Indicator(
        "accurate_filing_rate", _("准确立案率"), _("（立案数 − 作废数）÷ 立案数"), PER_CENT, EVALUATION,
        FILED.also("c.stage <> 'void'"), FILED, Better.MORE,
    ),
    Indicator(
        "filing_accuracy", _("经办准确立案率"), _("办理的立案中案件未作废的 ÷ 办理的立案，按办理人计"), PER_CENT, LOCAL,
        steps("file").also("c.stage <> 'void'"), steps("file"), Better.MORE,
    ),
    Indicator(
        "on_time_dispatch_rate", _("按时派遣率"), _("按时派遣数 ÷ 应派遣数；应派遣 = 已派 + 待派"), PER_CENT,
        EVALUATION,
        DISPATCH.also(in_time("dispatch")), DISPATCH, Better.MORE,
    ),
    Indicator(
        "accurate_dispatch_rate", _("准确派遣率"), _("未改派其他部门的派遣 ÷ 派遣数"), PER_CENT, EVALUATION,
        DISPATCHES.also("NOT f.is_misdirected"), DISPATCHES, Better.MORE,
    ),
    Indicator(
        "on_time_verify_rate", _("按时核实率"), _("按时核实数 ÷ 应核实数，人员按派给的采集员计"), PER_CENT, EVALUATION,
        VERIFY.also(in_time("verify_report")), VERIFY, Better.MORE,
    ),
    Indicator(
        "on_time_check_rate", _("按时核查率"), _("按时核查数 ÷ 应核查数，人员按派给的采集员计"), PER_CENT, EVALUATION,
        CHECK.also("f.ended_by IN ('check_pass', 'check_fail') AND f.ended_at <= f.due_at"), CHECK, Better.MORE,
    ),
    Indicator(
        "on_time_close_rate", _("按时结案率"), _("在结案时限内结案的 ÷ 应结案的（待结案环节）"), PER_CENT, EVALUATION,
        CLOSE.also(in_time("close")), CLOSE, Better.MORE,
    ),
    Indicator(
        "verify_sent_rate", _("核实按时派发率"), _("在受理时限内派发的核实 ÷ 派发的核实"), PER_CENT, EVALUATION,
        steps("send_verify").also("f.at <= f.clock_due_at"), steps("send_verify"), Better.MORE,
    ),
)  # fmt: skip

INDICATORS: Final = (*COUNTS, *SHARES)
