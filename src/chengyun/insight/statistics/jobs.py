"""Timed work: what is learnt from the county's cases, and what is sent by e-mail."""

from __future__ import annotations

from chengyun.core.jobs import every
from chengyun.insight import extra

DAY_S = 86_400


@every(seconds=DAY_S, lease_s=3600)
def learn_risk() -> None:
    if extra.is_installed():
        from chengyun.insight.statistics import risk_store

        risk_store.learn()


@every(seconds=600, lease_s=1800)
def send_subscriptions() -> None:
    if extra.is_installed():
        from chengyun.insight.statistics import mailing

        mailing.send_due()
        mailing.forget_old()
