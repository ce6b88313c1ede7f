"""Changes of the sources of base tiles; each is told in the source's history."""

from __future__ import annotations

import datetime as dt
from copy import copy
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chengyun.core.errors import NotAllowed, UserError
from chengyun.core.instants import today
from chengyun.people import register
from chengyun.people.access import Actor
from chengyun.people.backoffice.who import ORGANISERS
from chengyun.web.mapdesk.models import TileSource
from chengyun.web.mapdesk.tiles import DEEPEST, address_of


@transaction.atomic
def add(*, by: Actor, **fields: Any) -> TileSource:
    """Offered from now on. `fields` are the columns of `TileSource`."""
    _check_keeper(by)
    row = TileSource(**_read(fields))
    _check(row)
    return register.store(row, by=by)


@transaction.atomic
def change(source: TileSource, *, by: Actor, **fields: Any) -> TileSource:
    """Those of its columns that are given."""
    _check_keeper(by)
    row = register.locked(source)
    values = _read(fields)
    wished = copy(row)
    for name, value in values.items():
        setattr(wished, name, value)
    _check(wished)
    register.change(row, values, by=by)
    return row


@transaction.atomic
def retire(source: TileSource, *, by: Actor) -> None:
    """Not offered any more, from now on."""
    _check_keeper(by)
    row = register.locked(source)
    register.change(row, {"valid_to": today() - dt.timedelta(days=1)}, by=by, action="retired")


@transaction.atomic
def offer_again(source: TileSource, *, by: Actor) -> None:
    _check_keeper(by)
    row = register.locked(source)
    _check_name(row)
    register.change(row, {"valid_to": None}, by=by, action="reactivated")


def _read(fields: dict[str, Any]) -> dict[str, Any]:
    return fields | ({"address": address_of(fields["address"].strip())} if "address" in fields else {})


def _check(row: TileSource) -> None:
    if not 0 <= row.min_zoom <= row.max_zoom <= DEEPEST:
        message = _("级别应是 0 至 %(deepest)d 的整数，最小级别不大于最大级别。")
        raise UserError(message % {"deepest": DEEPEST}, field="max_zoom")
    _check_name(row)


def _check_name(row: TileSource) -> None:
    """The panel of layers tells sources apart by their names."""
    if TileSource.objects.on(today()).exclude(pk=row.pk).filter(name=row.name).exists():
        raise UserError(_("已有叫“%(name)s”的底图，请换一个名称。") % {"name": row.name}, field="name")


def _check_keeper(by: Actor) -> None:
    if not by.for_county(*ORGANISERS):
        raise NotAllowed(_("底图由系统管理员维护。"))
