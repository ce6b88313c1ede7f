"""The handbooks: which there are, who reads them, and where their pictures are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chengyun.core.declarations import Text
from chengyun.core.errors import NotAllowed, NotFound
from chengyun.people.access import Actor
from chengyun.people.roles import ADMINISTRATORS, Role
from chengyun.web.help.marks import Page, page_of

# A wheel carries the books beside this file; a checkout has them in docs/.
PACKED: Final = Path(__file__).parent / "books"
DOCS: Final = Path(__file__).resolve().parents[4] / "docs"
PICTURE: Final = re.compile(r"(?:\.\./)?images/handbook/([\w-]+\.webp)$")


@dataclass(frozen=True)
class Book:
    name: str
    title: Text
    readers: frozenset[Role] = frozenset()  # empty: everybody


BOOKS: Final = (
    Book("administrator", gettext_lazy("管理员手册"), ADMINISTRATORS),
    Book("operator", gettext_lazy("值守人员手册")),
)


def books_for(actor: Actor) -> list[Book]:
    """The first is the reader's own."""
    return [book for book in BOOKS if not book.readers or actor.has(*book.readers)]


def book_for(actor: Actor, name: str) -> Book:
    book = next((each for each in BOOKS if each.name == name), None)
    if book is None:
        raise NotFound(_("没有这本手册"))
    if book not in books_for(actor):
        raise NotAllowed(_("这本手册写给系统、安全和审计管理员；需要时请找系统管理员"))
    return book


def folder(of: str) -> Path:
    """`handbook` or `images/handbook`, packed or in the checkout."""
    return PACKED / of if (PACKED / of).is_dir() else DOCS / of


def read(book: Book, actor: Actor) -> Page:
    path = folder("handbook") / f"{book.name}.md"
    if not path.is_file():
        raise NotFound(_("这个安装没有带上手册；手册在发行包的 docs/handbook 里"))
    return _made(path, path.stat().st_mtime_ns, tuple(each.name for each in books_for(actor)))


@lru_cache(maxsize=8)
def _made(path: Path, changed: int, offered: tuple[str, ...]) -> Page:
    def address(target: str) -> str:
        if found := PICTURE.search(target):
            return reverse("help:picture", args=[found[1]])
        name = target.removesuffix(".md")
        return reverse("help:book", args=[name]) if name in offered else ""

    return page_of(path.read_text(encoding="utf-8"), address)


def picture(name: str) -> Path:
    path = folder("images/handbook") / name
    if not re.fullmatch(r"[\w-]+\.webp", name) or not path.is_file():
        raise NotFound(_("手册里没有这张图"))
    return path
