"""Tokens of the API: made, revoked, recognised. The secret itself is told once and never stored."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chengyun.core import instants
from chengyun.core.errors import NotAllowed, NotFound, UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.models import ApiAllowance, ApiToken, Scope, User
from chengyun.people.services.separation import only_security

# Found by scanners that look for leaked secrets.
PREFIX = "cyt_"
MOST_DAYS = 3650
# Of one person at a time; one for each program, and one to change over to.
MOST_TOKENS = 5
BETWEEN_MARKS = dt.timedelta(minutes=1)


def create_token(username: str, *, by: Doer, name: str, scopes: Sequence[str], days: int = 365) -> tuple[ApiToken, str]:
    """The token and its secret, which nobody can read again: for whoever reaches the machine itself."""
    if by.user_id is not None:
        raise NotAllowed(_("令牌由本人在“接口令牌”里生成，别人不能代办。"))
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise UserError(_("没有登录名为 %s 的启用人员。") % username, field="username")
    check(scopes, days)
    return _made(ApiToken(user=user, name=name, expires_at=instants.now() + dt.timedelta(days=days)), scopes, by=by)


@transaction.atomic
def create_own_token(user: User, *, by: Doer, name: str, scopes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """One for oneself, within what the security administrator allowed."""
    if by.user_id != user.pk:
        raise NotAllowed(_("令牌由本人在“接口令牌”里生成，别人不能代办。"))
    allowance = allowance_of(register.locked(user))
    if allowance is None:
        raise NotAllowed(_("您没有接口准许，请联系安全管理员。"))
    check(scopes, days)
    if beyond := sorted(set(scopes) - set(allowance.scopes)):
        raise UserError(
            _("准许里没有这项权限：%s。") % "、".join(str(Scope(each).label) for each in beyond), field="scopes"
        )
    if sum(map(is_alive, own_tokens(user))) >= MOST_TOKENS:
        raise UserError(_("每人最多 %d 个有效令牌，请先撤销不用的。") % MOST_TOKENS)
    ends = instants.now() + dt.timedelta(days=days)
    # The allowance holds through its last day.
    last = instants.start_of_day(allowance.until + dt.timedelta(days=1))
    return _made(ApiToken(user=user, allowance=allowance, name=name, expires_at=min(ends, last)), scopes, by=by)


def _made(token: ApiToken, scopes: Sequence[str], *, by: Doer) -> tuple[ApiToken, str]:
    secret = PREFIX + secrets.token_urlsafe(32)
    token.scopes, token.digest, token.created_at = sorted(set(scopes)), digest_of(secret), instants.now()
    return register.store(token, by=by), secret


def own_tokens(user: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=user).select_related("user", "allowance").order_by("-pk")


# --- who may have some ------------------------------------------------------------------------------------------------


def allowance_of(user: User) -> ApiAllowance | None:
    """The one that holds today."""
    return holding(ApiAllowance.objects.filter(user=user)).order_by("-pk").first()


def holding(allowances: QuerySet[ApiAllowance]) -> QuerySet[ApiAllowance]:
    """Those that hold today."""
    return allowances.filter(ended_at=None, until__gte=instants.today())


def holds(allowance: ApiAllowance) -> bool:
    return allowance.ended_at is None and allowance.until >= instants.today()


@transaction.atomic
def allow(*, by: Doer, user: User, scopes: Sequence[str], until: dt.date) -> ApiAllowance:
    only_security(by)
    if user.pk == by.user_id:
        raise UserError(_("不能准许自己使用接口，请由另一位安全管理员办理。"), field="user")
    held = register.locked(user)
    check(scopes)
    check_until(until)
    if not held.is_active:
        raise UserError(_("该人员已停用，不能准许。"), field="user")
    if allowance_of(held):
        raise UserError(_("这个人已有接口准许；要改权限或日期，请改现有的那一条。"), field="user")
    made = ApiAllowance(user=held, scopes=sorted(set(scopes)), until=until, created_at=instants.now())
    return register.store(made, by=by)


@transaction.atomic
def change_allowance(
    allowance: ApiAllowance, *, by: Doer, scopes: Sequence[str] | None = None, until: dt.date | None = None
) -> ApiAllowance:
    """Other scopes, another last day: at once for every token made under it, which never gains by it."""
    only_security(by)
    held = register.locked(allowance)
    if held.user_id == by.user_id:
        raise UserError(_("不能准许自己使用接口，请由另一位安全管理员办理。"), field="user")
    if not holds(held):
        raise UserError(_("这个准许已经收回或到期，请新建一个。"))
    scopes, until = held.scopes if scopes is None else scopes, until or held.until
    check(scopes)
    if until != held.until:
        check_until(until)
    register.change(held, {"scopes": sorted(set(scopes)), "until": until}, by=by)
    return held


@transaction.atomic
def take_back(allowance: ApiAllowance, *, by: Doer) -> ApiAllowance:
    """At once, with every token that was made under it."""
    only_security(by)
    held = register.locked(allowance)
    if held.ended_at is not None:
        raise NotFound(_("这个准许已经收回。"))
    register.change(held, {"ended_at": instants.now()}, by=by, action="ended")
    return held


def check(scopes: Sequence[str], days: int = 1) -> None:
    unknown = next((scope for scope in scopes if scope not in Scope.values), None)
    if unknown is not None or not scopes:
        known = "、".join(Scope.values)
        raise UserError(_("权限应从 %s 中选择，至少一项。") % known, field="scopes")
    if not 1 <= days <= MOST_DAYS:
        raise UserError(_("有效天数应在 1 到 %d 之间。") % MOST_DAYS, field="days")


def check_until(until: dt.date) -> None:
    today = instants.today()
    if not today <= until <= today + dt.timedelta(days=MOST_DAYS):
        raise UserError(_("截止日期应在今天以后，最长 %d 天。") % MOST_DAYS, field="until")


@transaction.atomic
def revoke_token(token_id: int, *, by: Doer) -> ApiToken:
    token = register.locked(ApiToken(pk=token_id))
    if by.user_id != token.user_id:
        only_security(by)
    if token.revoked_at is not None:
        raise NotFound(_("这个令牌已经撤销。"))
    register.change(token, {"revoked_at": instants.now()}, by=by, action="revoked")
    return token


def digest_of(secret: str) -> str:
    """A plain hash: the secret is 256 random bits, there is nothing to guess."""
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def recognised(secret: str) -> ApiToken | None:
    """The living token of this secret, marked as used; None for anything else."""
    token = ApiToken.objects.select_related("user", "allowance").filter(digest=digest_of(secret)).first()
    if token is None or not is_alive(token):
        return None
    _mark_used(token)
    return token


def is_alive(token: ApiToken) -> bool:
    is_allowed = token.allowance is None or holds(token.allowance)
    return is_allowed and token.revoked_at is None and token.expires_at > instants.now() and token.user.is_active


def scopes_of(token: ApiToken) -> list[str]:
    """What it may be used for today: its own, as far as its allowance still has them."""
    return [each for each in token.scopes if token.allowance is None or each in token.allowance.scopes]


def _mark_used(token: ApiToken) -> None:
    at = instants.now()
    if token.last_used_at is None or at - token.last_used_at >= BETWEEN_MARKS:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=at)
