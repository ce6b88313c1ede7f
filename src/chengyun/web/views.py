from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout as end_session
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from chengyun.people.forms import ChangePasswordForm, LoginForm
from chengyun.people.middleware import ActorRequest
from chengyun.people.models import User
from chengyun.people.services.users import change_own_password
from chengyun.people.signin import flow
from chengyun.people.signin.oidc.terms import terms
from chengyun.people.signin.oidc.views import way_out
from chengyun.web.menu import menu_for


@require_safe
def home(request: ActorRequest) -> HttpResponse:
    """The first place in this person's menu, which is where that role's work lies."""
    menu = menu_for(request.actor, request.path)
    return redirect(menu[0].url) if menu else render(request, "web/nothing.html")


@login_not_required
@never_cache
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("web:home")
    form = LoginForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        assert form.user is not None
        wished = flow.own_page(request, request.POST.get("next", ""))
        return redirect(wished if flow.begin(request, form.user, wished) else "signin:code")
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    return render(request, "web/login.html", {"form": form, "next": asked, "has_oidc": terms() is not None})


def locked_out(request: HttpRequest, *_args: object, **_kwargs: object) -> HttpResponse:
    context = {"times": settings.AXES_FAILURE_LIMIT, "minutes": round(settings.AXES_COOLOFF_TIME * 60)}
    return render(request, "web/locked.html", context, status=429)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    onward = way_out(request)
    end_session(request)
    # A page and no redirect: a form may only lead to our own addresses (form-action of our policy).
    return render(request, "web/left.html", {"onward": onward}) if onward else redirect("web:login")


@never_cache
@sensitive_post_parameters("old_password", "new_password", "repeated")
def password(request: ActorRequest) -> HttpResponse:
    # The row itself: services ask for the type of what they are given, and `request.user` is a lazy stand-in.
    person = User.objects.get(pk=request.user.pk)
    form = ChangePasswordForm(person, request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = change_own_password(person, by=request.actor, **form.chosen)
        update_session_auth_hash(request, user)
        messages.success(request, _("密码已修改"))
        return redirect("web:home")
    return render(request, "web/password.html", {"form": form, "forced": person.must_change_password})
