"""What the pages share: a form tried on a service, the tabs of a group, what is told once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from chengyun.core.errors import NotAllowed, UserError
from chengyun.people.access import Actor
from chengyun.people.middleware import ActorRequest
from chengyun.people.registers.declaration import Once, Page, Register, open_to

Result = TypeVar("Result")


def tried(form: BaseForm, do: Callable[[], Result]) -> Result | None:
    """What the service gives; what it finds wrong becomes the form's fault and None. Whoever may not is told so by a
    page of its own: there is nothing to mend in the form."""
    try:
        return do()
    except NotAllowed:
        raise
    except UserError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None


def posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def filled_in(build: Callable[..., BaseForm], request: HttpRequest, row: Any) -> BaseForm:
    """The form of a row (None: a new one) with what was sent, files too where it takes any."""
    form = build(posted(request), row)
    if form.is_multipart():
        form.files = request.FILES
    return form


def tabs(register: Register | Page, actor: Actor) -> list[Register | Page]:
    """The registers beside this one."""
    found = [each for each in open_to(actor) if str(each.group) == str(register.group)]
    return found if len(found) > 1 else []


def told_once(request: ActorRequest, register: Register, once: Once) -> HttpResponse:
    """On this page alone: it goes into no cookie, no cache and no table."""
    response = render(request, "registers/once.html", {"register": register, "once": once})
    add_never_cache_headers(response)
    return response
