"""People's drawings: kept, changed and removed by whoever drew them, seen by the post they are shared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chengyun.core.errors import NotAllowed, NotFound, UserError
from chengyun.core.instants import now, today
from chengyun.people.access import Actor
from chengyun.people.models import Appointment, Post
from chengyun.web.mapdesk.models import Drawing

# What one person may keep: a list that is read, not an archive.
MOST = 200


@dataclass(frozen=True)
class Sketch:
    """What a person says of a drawing; `shape` and `radius_m` come from `shapes`."""

    name: str
    note: str
    kind: str
    shape: dict[str, Any]
    radius_m: float | None = None
    shared_post_id: int | None = None


def person(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowed(_("请先登录。"))
    return actor.user_id


def drawings_of(actor: Actor) -> QuerySet[Drawing]:
    """Own ones and those shared with a post that the actor holds, newest first."""
    held = Appointment.objects.on(today()).filter(user_id=actor.user_id).values("post_id")
    seen = Q(owner_id=actor.user_id) | Q(shared_post_id__in=held)
    return Drawing.objects.filter(seen).select_related("owner", "shared_post").order_by("-id")


def drawing_for(actor: Actor, drawing_id: int) -> Drawing:
    found = drawings_of(actor).filter(pk=drawing_id).first()
    if found is None:
        raise NotFound(_("没有这个标绘，或它没有共享给您的岗位。"))
    return found


def posts_of(actor: Actor) -> list[Post]:
    """The posts that one may share with: one's own and those of one's departments."""
    near = Q(department_id__in=actor.department_ids) | Q(appointments__user_id=actor.user_id)
    return list(Post.objects.on(today()).filter(near).select_related("department").distinct().order_by("code"))


def keep(sketch: Sketch, *, by: Actor) -> Drawing:
    _check(sketch, by)
    with transaction.atomic():
        if Drawing.objects.filter(owner_id=by.user_id).count() >= MOST:
            raise UserError(_("每人最多保存 %d 个标绘，请先删除不用的。") % MOST, field="name")
        at = now()
        return Drawing.objects.create(**vars(sketch), owner_id=person(by), created_at=at, changed_at=at)


def change(drawing_id: int, sketch: Sketch, *, by: Actor) -> Drawing:
    _check(sketch, by)
    with transaction.atomic():
        drawing = _own(drawing_id, by)
        for name, value in vars(sketch).items():
            setattr(drawing, name, value)
        drawing.changed_at = now()
        drawing.save()
    return drawing


def remove(drawing_id: int, *, by: Actor) -> None:
    with transaction.atomic():
        _own(drawing_id, by).delete()


def _own(drawing_id: int, by: Actor) -> Drawing:
    drawing = drawing_for(by, drawing_id)
    if drawing.owner_id != by.user_id:
        raise NotAllowed(_("这个标绘是%s画的，只有本人可以修改或删除。") % drawing.owner.name)
    return drawing


def _check(sketch: Sketch, by: Actor) -> None:
    if not sketch.name.strip():
        raise UserError(_("请填写标绘的名称。"), field="name")
    if sketch.shared_post_id and sketch.shared_post_id not in {post.pk for post in posts_of(by)}:
        raise UserError(_("只能共享给自己所在部门的岗位，请重选。"), field="shared_post")


def feature(drawing: Drawing) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "name": drawing.name,
        "note": drawing.note,
        "kind": drawing.kind,
        "owner": drawing.owner.name,
    }
    if drawing.radius_m is not None:
        properties["radius_m"] = drawing.radius_m
    return {"type": "Feature", "id": drawing.pk, "properties": properties, "geometry": drawing.shape}
