"""The templates of the papers of 评价 on their shelf, what may stand in each, and the one that a publication keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from chengyun.casework.papers.sandbox import MOST_ROUNDS
from chengyun.casework.papers.uploads import filled
from chengyun.core.errors import UserError
from chengyun.core.printable import printable
from chengyun.insight.evaluation.access import check_writes
from chengyun.insight.evaluation.models import KeptTemplate, PaperKind, PaperTemplate, Publication
from chengyun.insight.word.filling import Headings, filled_in
from chengyun.insight.word.sandbox import Fielded
from chengyun.insight.word.versions import Shelf

Words = dict[str, Any]
_BULLETIN_ROW: Final = {
    "rank": "1", "name": "住建局", "total": "90.00", "grade": "A", "change": "+1.50", "previous_rank": "2",
    "late": "3", "exempted": "1",
}  # fmt: skip
_CASE: Final = {"number": "1", "name": "住建局", "class_name": "暴露垃圾", "department": "住建局", "days": "1.0"}
# What the papers are told, in the shape of what they are told: an upload is tried with these words, and once with
# nothing in the lists. All of it is text, lists of text, or yes and no.
SAMPLES: Final[Mapping[str, Words]] = {
    PaperKind.BULLETIN: {
        "bulletin": dict.fromkeys(
            ("title", "period", "county", "span", "name", "version", "ranks", "scheme", "grades", "late", "more_late",
             "as_of", "issued", "digest", "issuer"), "文"
        ),
        "notes": ["文"],
        "has_exemptions": True,
        "has_backlog": True,
        "rows": [_BULLETIN_ROW],
        "parts": [{"heads": ["结案率（%）", "得分"], "rows": [{"name": "住建局", "cells": ["90.00", "90.00"]}]}],
        "cases": [_CASE],
        "lines": [{"title": "结案率", "weight": "40", "words": "文", "rule": "文"}],
    },
    PaperKind.OBJECTION: {
        "objection": dict.fromkeys(
            ("number", "issuer", "result", "version", "span", "name", "line", "formula", "value", "score", "weight",
             "total", "rank", "by", "at", "state", "decided_by", "decided_at", "withdrawn_by", "withdrawn_at", "day"),
            "文",
        ),
        "words": ["文"],
        "reason": ["文"],
        "is_decided": True,
        "is_withdrawn": True,
    },
}  # fmt: skip
# Without it a paper says nothing.
NEEDED: Final[Mapping[str, str]] = {PaperKind.BULLETIN: "rows", PaperKind.OBJECTION: "objection"}


def check(kind: str, content: bytes) -> None:
    """Raises what a template raises that cannot be filled, UserError naming what it refers to that there is not."""
    for words in (_emptied(SAMPLES[kind]), SAMPLES[kind]):
        sandbox = _sandbox(kind, strict=True)
        filled_in(content, words | {"nth": Headings().nth}, sandbox)
    if (needed := NEEDED[kind]) not in sandbox.used:
        raise UserError(_("模板里没有“%s”；请从现行模板下载后修改，保留其中的占位符") % needed)


TEMPLATES: Final = Shelf("evaluation", PaperTemplate, Path(__file__).parent / "word", check_writes, check)


def written(template: bytes, kind: str, words: Words) -> bytes:
    """The paper as a Word file. `words` have the shape of the kind's sample."""
    # Every row and cell of a large group is a round of a loop; a template may go over them a few times.
    sandbox = _sandbox(kind, rounds=MOST_ROUNDS + 4 * _size(words))
    return filled(template, lambda: filled_in(template, _clean(words) | {"nth": Headings().nth}, sandbox))


def kept(kind: str) -> KeptTemplate:
    """The template that holds now, for a publication to keep."""
    content = TEMPLATES.current(kind)
    found, _new = KeptTemplate.objects.get_or_create(
        digest=hashlib.sha256(content).hexdigest(), defaults={"content": content}
    )
    return found


def of_publication(publication: Publication) -> bytes:
    """What its bulletin is written with."""
    if publication.template is None:
        return TEMPLATES.delivered(PaperKind.BULLETIN)
    return bytes(publication.template.content)


def _sandbox(kind: str, *, rounds: int = MOST_ROUNDS, strict: bool = False) -> Fielded:
    sample = SAMPLES[kind]
    fields = {field for value in sample.values() for field in _fields(value)}
    return Fielded(sample, fields, rounds=rounds, strict=strict)


def _fields(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _fields(each)


def _emptied(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _emptied(each) for name, each in value.items()}
    return type(value)()


def _clean(value: Any) -> Any:
    """Without what XML cannot hold."""
    if isinstance(value, dict):
        return {name: _clean(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return printable(value) if isinstance(value, str) else value


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return len(value) + sum(map(_size, value)) if isinstance(value, list) else 0
