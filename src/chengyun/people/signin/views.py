from __future__ import annotations

import segno
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from chengyun.core.errors import UserError
from chengyun.people.middleware import ActorRequest
from chengyun.people.models import User
from chengyun.people.registers.views.parts import posted, tried
from chengyun.people.signin import factors, flow
from chengyun.people.signin.forms import CodeForm


@login_not_required
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step of signing in."""
    user = flow.pending(request)
    if user is None:
        return redirect("web:login")
    wished = flow.wished(request)
    form = CodeForm(posted(request), _("打开手机上的验证器，输入 6 位数字；手机不在身边可输入一个备用码。"))
    if form.is_valid() and tried(form, lambda: _finished(request, user, form.cleaned_data["code"])):
        return redirect(wished or resolve_url("web:home"))
    context = {"form": form, "is_unreadable": factors.is_unreadable(user)}
    return render(request, "signin/code.html", context)


def _finished(request: HttpRequest, user: User, typed: str) -> bool:
    if flow.finish(request, user, typed):
        return True
    raise UserError(_("验证码不对或已用过，请等下一个验证码再试。"), field="code")


@never_cache
@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def factor(request: ActorRequest) -> HttpResponse:
    """One's own second factor: bind it, or see that it is bound."""
    user = User.objects.get(pk=request.user.pk)
    if factors.is_bound(user):
        form = CodeForm(None, _("输入验证器上的 6 位数字，旧的备用码随即作废。"))
        return render(request, "signin/bound.html", {"form": form, "left": factors.codes_left(user)})
    form = CodeForm(posted(request), _("输入验证器上显示的 6 位数字。"))
    if form.is_valid():
        codes = tried(form, lambda: factors.bind(user, form.cleaned_data["code"], by=request.actor))
        if codes:
            return _told(request, codes)
    secret = factors.offered_secret(user)
    context = {
        "form": form,
        "picture": segno.make(factors.address_of(user, secret), error="m").svg_data_uri(scale=4, border=2),
        "secret": factors.spelled(secret),
        "must": bool(request.session.get(flow.MUST_BIND)),
    }
    return render(request, "signin/bind.html", context)


@never_cache
@require_POST
def recovery(request: ActorRequest) -> HttpResponse:
    """Ten new recovery codes against a code of the authenticator."""
    user = User.objects.get(pk=request.user.pk)
    form = CodeForm(request.POST, _("输入验证器上的 6 位数字，旧的备用码随即作废。"))
    if form.is_valid():
        codes = tried(form, lambda: factors.renew_codes(user, form.cleaned_data["code"], by=request.actor))
        if codes:
            return _told(request, codes)
    return render(request, "signin/bound.html", {"form": form, "left": factors.codes_left(user)})


@sensitive_variables("codes")
def _told(request: ActorRequest, codes: list[str]) -> HttpResponse:
    """On this page alone."""
    request.session[flow.MUST_BIND] = False
    return render(request, "signin/codes.html", {"codes": codes})
