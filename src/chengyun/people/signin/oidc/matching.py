"""Whose account it is. The provider says who somebody is; that we know them, and what they may do, is ours alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.http import HttpRequest

from chengyun.people.models import User
from chengyun.people.signin.oidc.refusals import Reason, Refused
from chengyun.people.signin.oidc.terms import SecondFactor, Terms

# RFC 8176: what says that more than a password was asked for.
STRONG = frozenset({"mfa", "otp", "hwk", "swk", "sc", "fpt", "face", "iris", "mca"})


def person_of(request: HttpRequest, terms: Terms, claims: Mapping[str, Any]) -> User:
    """The existing person; nobody is made, changed or given a post here."""
    name = claims.get(terms.claim)
    name = name if isinstance(name, str) and name and "\0" not in name else ""
    user = User.objects.filter(username=name).first() if name else None
    if user is None:
        raise Refused(Reason.UNKNOWN, typed=name)
    if not user.is_active:
        raise Refused(Reason.OFF, user=user)
    if not AxesProxyHandler.is_allowed(request, {"username": user.username}):
        raise Refused(Reason.LOCKED, user=user)
    return user


def is_vouched(terms: Terms, claims: Mapping[str, Any]) -> bool:
    """Whether the provider's own second factor stands in for ours."""
    said = claims.get("amr")
    strong = isinstance(said, list) and not STRONG.isdisjoint(each for each in said if isinstance(each, str))
    return terms.second_factor == SecondFactor.TRUST or (terms.second_factor == SecondFactor.AMR and strong)
