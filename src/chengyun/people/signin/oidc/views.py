from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from chengyun.core import instants
from chengyun.core.errors import NotFound
from chengyun.people.signin import flow, log
from chengyun.people.signin.oidc.endpoints import endpoints_of
from chengyun.people.signin.oidc.matching import is_vouched, person_of
from chengyun.people.signin.oidc.refusals import Reason, Refused
from chengyun.people.signin.oidc.terms import Terms, terms

ASKED = "signin.oidc_asked"
# Several tabs at a time; the oldest gives way.
MOST_ASKED = 5
ASKED_S = 600


@login_not_required
@never_cache
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """To the provider."""
    known = _terms()
    if request.user.is_authenticated:
        return redirect("web:home")
    # Only where the extra `oidc` is installed is anybody configured to come here.
    from chengyun.people.signin.oidc import client

    try:
        address, kept = client.address_to_ask(known, back=_back(request))
    except Refused as refused:
        return _refused(request, refused)
    wished = flow.own_page(request, request.GET.get("next", ""))
    until = instants.now().timestamp() + ASKED_S
    asked = dict(list(request.session.get(ASKED, {}).items())[1 - MOST_ASKED :])
    request.session[ASKED] = asked | {kept.pop("state"): kept | {"wished": wished, "until": until}}
    return redirect(address)


@login_not_required
@never_cache
@sensitive_variables("claims", "token", "kept")
@require_GET
def come_back(request: HttpRequest) -> HttpResponse:
    """From the provider, with a code that we change for a token."""
    known = _terms()
    from chengyun.people.signin.oidc import client

    try:
        kept = _kept(request)
        asked = {"code": request.GET["code"], "verifier": kept["verifier"], "nonce": kept["nonce"]}
        claims, token = client.Client(known).claims(**asked, back=_back(request))
        user = person_of(request, known, claims)
    except Refused as refused:
        return _refused(request, refused)
    if flow.begin_vouched(request, user, kept["wished"], is_strong=is_vouched(known, claims), token=token):
        return redirect(kept["wished"] or resolve_url("web:home"))
    return redirect("signin:code")


def _terms() -> Terms:
    known = terms()
    if known is None:
        raise NotFound(_("没有配置统一身份认证，请用登录名和密码登录。"))
    return known


def _back(request: HttpRequest) -> str:
    return request.build_absolute_uri(reverse("signin:oidc_back"))


def _kept(request: HttpRequest) -> dict[str, Any]:
    """What this browser's session kept for this state; it holds once."""
    asked = request.session.get(ASKED, {})
    kept: dict[str, Any] | None = asked.pop(request.GET.get("state", ""), None)
    request.session[ASKED] = asked
    if kept is None or kept["until"] < instants.now().timestamp():
        raise Refused(Reason.STATE)
    if "error" in request.GET or not request.GET.get("code"):
        raise Refused(Reason.CANCELLED)
    return kept


def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    log.write_refused(refused.reason, refused.user, request, typed=refused.typed)
    messages.error(request, refused.sentence)
    return redirect("web:login")


def way_out(request: HttpRequest) -> str:
    """The provider's own sign-out for this session, to be asked before it ends; blank where there is none."""
    known, token = terms(), request.session.get(flow.TOKEN)
    if known is None or token is None:
        return ""
    try:
        address = endpoints_of(known).logout
    except Refused:
        return ""
    asked = {
        "client_id": known.client_id,
        "id_token_hint": token,
        "post_logout_redirect_uri": request.build_absolute_uri(reverse("web:login")),
    }
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}" if address else ""
