"""One's own tokens of the API: made, told once, revoked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from chengyun.people.middleware import ActorRequest
from chengyun.people.models import ApiAllowance, ApiToken, Scope, User
from chengyun.people.registers.views.parts import posted, tried
from chengyun.people.tokens import (
    MOST_DAYS,
    allowance_of,
    create_own_token,
    is_alive,
    own_tokens,
    revoke_token,
    scopes_of,
)

SHOWN = 50


class OwnTokenForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("令牌名称"), max_length=50, help_text=gettext_lazy("写明哪个系统使用"))
    scopes = forms.MultipleChoiceField(label=gettext_lazy("权限"), widget=forms.CheckboxSelectMultiple)
    days = forms.IntegerField(
        label=gettext_lazy("有效天数"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=90,
        help_text=gettext_lazy("最晚到准许的截止日期；到期前换发新的令牌"),
    )

    def __init__(self, data: Any, allowance: ApiAllowance) -> None:
        super().__init__(data)
        column = self.fields["scopes"]
        assert isinstance(column, forms.MultipleChoiceField)
        column.choices = [(each.value, each.label) for each in Scope if each in allowance.scopes]


@never_cache
@sensitive_variables("made", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: ActorRequest) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk)
    allowance = allowance_of(user)
    form = OwnTokenForm(posted(request), allowance) if allowance else None
    if form is not None and form.is_valid():
        made = tried(form, lambda: create_own_token(user, by=request.actor, **form.cleaned_data))
        if made:
            token, secret = made
            return render(request, "people/token_once.html", {"token": token, "secret": secret})
    tokens = [(each, is_alive(each), _scopes(each)) for each in own_tokens(user)[:SHOWN]]
    context = {"form": form, "allowance": allowance, "tokens": tokens}
    return render(request, "people/tokens.html", context, status=403 if request.method == "POST" and not form else 200)


def _scopes(token: ApiToken) -> str:
    return "、".join(str(Scope(each).label) for each in scopes_of(token))


@require_POST
def revoke(request: ActorRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(ApiToken, pk=pk, user=request.user.pk)
    revoke_token(token.pk, by=request.actor)
    messages.success(request, _("令牌已撤销，立即失效。"))
    return redirect("people:tokens")
