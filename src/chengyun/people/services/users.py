"""Users: create, change, switch off and on; passwords. A user is never deleted; history refers to them."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.core.errors import UserError
from chengyun.core.who import Doer
from chengyun.people import register
from chengyun.people.models import User
from chengyun.people.services.separation import check_may_manage

# Without letters and digits that are mistaken for one another when read out or written down.
PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


def initial_password() -> str:
    """Twelve letters in groups of four, to be told once and changed at the first login: 60 bits."""
    return "-".join("".join(secrets.choice(PASSWORD_LETTERS) for _ in range(4)) for _ in range(3))


def create_user(*, by: Doer, username: str, name: str, phone: str = "", password: str = "") -> tuple[User, str]:
    """The user and the password to tell; it must be changed at the first login."""
    password = password or initial_password()
    user = User(username=username, name=name, phone=phone, must_change_password=True)
    check_password(password, user)
    user.set_password(password)
    return register.store(user, by=by), password


@transaction.atomic
def change_user(user: User, *, by: Doer, **fields: Any) -> User:
    """Change login name, name or phone."""
    allowed = {name: value for name, value in fields.items() if name in ("username", "name", "phone")}
    user = register.locked(user)
    if allowed.get("username", user.username) != user.username:
        # Whoever names an account decides who gets into it, where the identity provider vouches for names.
        check_may_manage(by, user)
    register.change(user, allowed, by=by)
    return user


@transaction.atomic
def deactivate_user(user: User, *, by: Doer) -> User:
    if user.pk == by.user_id:
        raise UserError(_("不能停用自己的账号，请由另一位管理员操作。"))
    check_may_manage(by, user)
    user = register.locked(user)
    register.change(user, {"is_active": False}, by=by, action="deactivated")
    return user


@transaction.atomic
def reactivate_user(user: User, *, by: Doer) -> User:
    check_may_manage(by, user)
    user = register.locked(user)
    register.change(user, {"is_active": True}, by=by, action="reactivated")
    return user


def reset_password(user: User, *, by: Doer) -> str:
    """A new password to tell the user; it must be changed at the next login."""
    check_may_manage(by, user)
    password = initial_password()
    _set_password(user, password, by=by, action="password_reset", must_change=True)
    return password


def change_own_password(user: User, *, by: Doer, old: str, new: str) -> User:
    if not user.check_password(old):
        raise UserError(_("原密码不对，请重新输入。"), field="old_password")
    if old == new:
        raise UserError(_("新密码不能与原密码相同。"), field="new_password")
    check_password(new, user)
    return _set_password(user, new, by=by, action="password_changed", must_change=False)


def _set_password(user: User, password: str, *, by: Doer, action: str, must_change: bool) -> User:
    # The hash is slow on purpose; it is made before the transaction.
    user.set_password(password)
    with transaction.atomic():
        held = register.locked(user)
        held.password, held.must_change_password = user.password, must_change
        held.save(update_fields=["password", "must_change_password"])
        register.record(held, action, {}, {}, by=by)
    return held


def check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise UserError(error.messages[0], field="new_password") from error
