from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chengyun.people.models import User


class LoginForm(forms.Form):
    username = forms.CharField(
        label=_("登录名"),
        max_length=64,
        error_messages={"required": _("请输入登录名。")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        error_messages={"required": _("请输入密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "username" in cleaned and "password" in cleaned:
            self.user = self._authenticated(cleaned["username"].strip(), cleaned["password"])
        return cleaned

    def _authenticated(self, username: str, password: str) -> User:
        user = authenticate(self.request, username=username, password=password)
        if isinstance(user, User):
            return user
        if getattr(self.request, "axes_locked_out", False):
            raise ValidationError(_("错误次数太多，账号暂时锁定，请稍后再试，或请安全管理员解锁。"), code="locked")
        # One sentence for a wrong name, a wrong password and an account switched off: a stranger learns nothing.
        raise ValidationError(_("登录名或密码不对，或账号已停用，请核对后再试。"), code="wrong")


def _new_password(**attrs: Any) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": "new-password", **attrs})


class ChangePasswordForm(forms.Form):
    old_password = forms.CharField(
        label=_("原密码"),
        max_length=128,
        strip=False,
        error_messages={"required": _("请输入原密码。")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new_password = forms.CharField(
        label=_("新密码"),
        max_length=128,
        strip=False,
        error_messages={"required": _("请输入新密码。")},
        widget=_new_password(),
    )
    repeated = forms.CharField(
        label=_("再输一次新密码"),
        max_length=128,
        strip=False,
        error_messages={"required": _("请再输一次新密码。")},
        widget=_new_password(),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    @property
    def rules(self) -> list[str]:
        return [str(text) for text in password_validators_help_texts()]

    def clean_old_password(self) -> str:
        old: str = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise ValidationError(_("原密码不对，请重新输入。"))
        return old

    def clean_new_password(self) -> str:
        new: str = self.cleaned_data["new_password"]
        if new == self.cleaned_data.get("old_password"):
            raise ValidationError(_("新密码不能与原密码相同。"))
        validate_password(new, self.user)
        return new

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "new_password" in cleaned and "repeated" in cleaned and cleaned["new_password"] != cleaned["repeated"]:
            self.add_error("repeated", _("两次输入的新密码不一致。"))
        return cleaned

    @property
    def chosen(self) -> dict[str, str]:
        """What `services.users.change_own_password` takes."""
        return {"old": self.cleaned_data["old_password"], "new": self.cleaned_data["new_password"]}
