"""Figures as somebody asks for them: within what that person may see, from the facts as they are now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from chengyun.core.errors import NotFound
from chengyun.insight import extra
from chengyun.insight.figures.dimensions import Key
from chengyun.insight.figures.indicator import Indicator, find
from chengyun.insight.figures.measuring import Figure, Question
from chengyun.insight.figures.periods import Period
from chengyun.insight.figures.scope import scope_of
from chengyun.insight.figures.together import Asked, measure_together
from chengyun.people.access import Actor

Where = Mapping[str, Sequence[Key]]


def ask(actor: Actor, key: str, period: Period, *, where: Where | None = None, by: Sequence[str] = ()) -> Figure:
    """Raises NotFound for an unknown key, UserError for an unknown dimension or without the extra `insight`."""
    return ask_many(actor, [key], period, where=where, by=by)[key]


def ask_many(
    actor: Actor, keys: Sequence[str], period: Period, *, where: Where | None = None, by: Sequence[str] = ()
) -> dict[str, Figure]:
    """Several figures of the same instant, in the order of `keys`."""
    extra.require()
    from chengyun.insight.facts.session import session

    question = Question(period, scope_of(actor), where or {})
    wanted = [Asked(indicator_for(key), question, tuple(by)) for key in keys]
    return {figure.indicator.key: figure for figure in measure_together(session(), wanted)}


def indicator_for(key: str) -> Indicator:
    found = find(key)
    if found is None:
        raise NotFound(_("没有“%s”这个指标") % key)
    return found
