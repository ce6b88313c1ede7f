"""The second factor: bound by its owner, asked at sign-in, removed by the security administrator (DESIGN §8).

The codes are those of RFC 6238, computed by django-otp. Its own device table is not used, because that keeps the
secrets in clear.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import secrets
from urllib.parse import quote, urlencode

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django_otp.oath import TOTP

from chengyun.core import configuration, instants
from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.access import Actor, actor_for
from chengyun.people.models import User
from chengyun.people.services.separation import only_security
from chengyun.people.signin.models import RecoveryCode, SecondFactor
from chengyun.people.signin.sealed import seal, unseal

STEP_S = 30
# One step before and after: telephones and servers are some seconds apart.
TOLERANCE = 1
CODES = 10
CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
# Wrong codes in a row that cost nothing, and the longest wait after more of them.
FREE_FAILURES = 3
LONGEST_WAIT_S = 900


def has_second_factor() -> Exists:
    """For `annotate` of users."""
    return Exists(SecondFactor.objects.filter(user=OuterRef("pk"), confirmed_at__isnull=False))


def is_bound(user: User) -> bool:
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def is_required(user: User) -> bool:
    """The county asks a second factor of one of this person's roles (setting `signin.totp_roles`)."""
    return actor_for(user).has(*configuration.value("signin.totp_roles"))


@transaction.atomic
def offered_secret(user: User) -> bytes:
    """The secret to bind: the same one until it is confirmed, so that a page loaded twice shows one picture."""
    register.locked(user)
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is not None and factor.confirmed_at is not None:
        raise UserError(_("动态口令已经绑定；换手机请先请安全管理员取消。"))
    known = unseal(factor.secret) if factor else None
    if known is not None:
        return known
    secret = secrets.token_bytes(20)
    values = {"secret": seal(secret), "made_at": instants.now()}
    SecondFactor.objects.update_or_create(user=user, defaults=values)
    return secret


def address_of(user: User, secret: bytes) -> str:
    """The otpauth address that authenticators read from the picture."""
    issuer = str(configuration.value("web.county_name")) or _("城运")
    asked = urlencode({"secret": spelled(secret), "issuer": issuer, "digits": 6, "period": STEP_S})
    return f"otpauth://totp/{quote(issuer)}:{quote(user.username)}?{asked}"


def spelled(secret: bytes) -> str:
    return base64.b32encode(secret).decode().rstrip("=")


@transaction.atomic
def bind(user: User, code: str, *, by: Doer) -> list[str]:
    """Confirms the offered secret by a code of it; the recovery codes, told once."""
    factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at=None).first()
    step = _step_of(factor, code) if factor else None
    if factor is None or step is None:
        raise UserError(_("验证码不对，请核对手机时间后输入新的 6 位验证码。"), field="code")
    factor.confirmed_at, factor.last_step, factor.failures = instants.now(), step, 0
    factor.save(update_fields=["confirmed_at", "last_step", "failures"])
    register.record(register.locked(user), "factor_bound", {}, {}, by=by)
    return _new_codes(factor)


def renew_codes(user: User, code: str, *, by: Doer) -> list[str]:
    """Ten new recovery codes against a code of the authenticator; the old ones end."""
    if not check(user, code):
        raise UserError(_("验证码不对或已用过，请输入新的验证码。"), field="code")
    with transaction.atomic():
        held = register.locked(user)
        register.record(held, "recovery_made", {}, {}, by=by)
        return _new_codes(SecondFactor.objects.get(user=held))


@transaction.atomic
def remove_factor(user: User, *, by: Actor) -> None:
    only_security(by)
    if user.pk == by.user_id:
        raise UserError(_("不能取消自己的动态口令，请由另一位安全管理员办理。"))
    held = register.locked(user)
    if not SecondFactor.objects.filter(user=held).delete()[0]:
        raise UserError(_("这个人没有绑定动态口令。"))
    register.record(held, "factor_removed", {}, {}, by=by)


def check(user: User, typed: str) -> bool:
    """Whether this is a code of the person's authenticator, or one of the recovery codes, and was not used before.

    Raises UserError while somebody has to wait after wrong ones. The attempt is counted in every case.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
        if factor is None:
            return False
        wait = _wait(factor)
        if not wait:
            return _tried(factor, typed)
    raise UserError(_("验证码输错次数太多，请 %d 秒后再试。") % wait, field="code", code="wait")


def _tried(factor: SecondFactor, typed: str) -> bool:
    text = "".join(typed.split()).replace("-", "").lower()
    step = _step_of(factor, text)
    is_right = step is not None or _used_up(factor, text)
    if step is not None:
        factor.last_step = step
    factor.failures = 0 if is_right else factor.failures + 1
    factor.failed_at = None if is_right else instants.now()
    factor.save(update_fields=["last_step", "failures", "failed_at"])
    return is_right


def _wait(factor: SecondFactor) -> int:
    """Seconds; they double with every wrong code, wherever it came from."""
    if factor.failed_at is None or factor.failures <= FREE_FAILURES:
        return 0
    wait = min(2 ** (factor.failures - FREE_FAILURES), LONGEST_WAIT_S)
    left = factor.failed_at + dt.timedelta(seconds=wait) - instants.now()
    return max(0, round(left.total_seconds() + 0.5))


def _step_of(factor: SecondFactor, code: str) -> int | None:
    """The time step that the code is of; None for a wrong one and for one not after the last taken."""
    secret = unseal(factor.secret)
    if secret is None or not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    clock = TOTP(secret, STEP_S)
    clock.time = instants.now().timestamp()
    return clock.t() if clock.verify(int(code), TOLERANCE, min_t=factor.last_step + 1) else None


def _new_codes(factor: SecondFactor) -> list[str]:
    factor.recovery_codes.all().delete()
    codes = ["".join(secrets.choice(CODE_LETTERS) for _ in range(10)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, digest=_digest(factor, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _used_up(factor: SecondFactor, text: str) -> bool:
    found = factor.recovery_codes.filter(digest=_digest(factor, text), used_at=None)
    if not found.update(used_at=instants.now()):
        return False
    person = register.locked(factor.user)
    register.record(person, "recovery_used", {}, {}, by=actor_for(person))
    return True


def _digest(factor: SecondFactor, code: str) -> str:
    """50 random bits, salted by the row; a slow hash would buy little, for the attempts are counted."""
    return hashlib.sha256(f"{factor.pk}:{code}".encode()).hexdigest()


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(factor__user=user, used_at=None).count()


def is_unreadable(user: User) -> bool:
    """The installation's secret was changed since: no code can be checked any more."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).first()
    return factor is not None and unseal(factor.secret) is None
