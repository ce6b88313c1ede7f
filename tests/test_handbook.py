"""The handbooks speak the words on the screen, and show pictures that the script makes."""

import re
from pathlib import Path

import pytest

from scripts import handbook, messages

ROOT = Path(__file__).resolve().parent.parent
BOOKS = sorted((ROOT / "docs/handbook").glob("*.md"))
QUOTED = re.compile(r"「([^」]+)」")
PICTURE = re.compile(r"images/handbook/([\w-]+)\.webp")


def said() -> set[str]:
    """Every Chinese string of the program, as it stands on a page."""
    return {message.id for message in messages.template_catalogue() if isinstance(message.id, str)}


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_every_quoted_name_stands_on_the_screen(book: Path):
    words = said()
    quoted = QUOTED.findall(book.read_text(encoding="utf-8"))
    assert quoted
    assert sorted({name for name in quoted if name not in words}) == []


def test_every_picture_is_made_and_used():
    shown = [name for book in BOOKS for name in PICTURE.findall(book.read_text(encoding="utf-8"))]
    assert sorted(shown) == sorted(picture.name for picture in handbook.PICTURES)
    assert sorted(shown) == sorted(file.stem for file in (ROOT / "docs/images/handbook").glob("*"))
