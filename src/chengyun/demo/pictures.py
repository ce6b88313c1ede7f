"""Small synthetic street pictures: sky, houses, road and the thing itself. A set of forty is used again and again.

Nobody's photograph: every line is drawn. The caption is in Latin letters, because a bare machine has no Chinese font.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from random import Random

from PIL import Image, ImageDraw, ImageFilter

SIZE = (640, 480)
HORIZON = 250
KERB = 330
COUNT = 40
SUBJECTS = ("rubbish", "car", "stall", "hole", "tree", "lamp", "bins", "clean")

Draw = ImageDraw.ImageDraw
Colour = tuple[int, int, int]


@cache
def picture(number: int) -> bytes:
    """JPEG number 0 … 39; the same bytes on every machine with the same Pillow."""
    random = Random(number)
    subject = SUBJECTS[number % len(SUBJECTS)]
    image = Image.new("RGB", SIZE, (196, 214, 230))
    draw = ImageDraw.Draw(image)
    _street(Random(1000 + number // len(SUBJECTS)), draw)
    _THINGS[subject](random, draw)
    image = image.filter(ImageFilter.GaussianBlur(0.6))
    ImageDraw.Draw(image).text((12, SIZE[1] - 22), f"YUNZE DEMO {number + 1:02} {subject}", fill=(255, 255, 255))
    file = io.BytesIO()
    image.save(file, "JPEG", quality=72)
    return file.getvalue()


def after(number: int) -> int:
    """The same street when the thing is gone."""
    return len(SUBJECTS) * (number // len(SUBJECTS)) + SUBJECTS.index("clean")


def _street(random: Random, draw: Draw) -> None:
    width, height = SIZE
    for left in range(0, width, 80):
        top = random.randint(60, 190)
        draw.rectangle((left, top, left + 78, HORIZON), fill=_tint(random, (176, 166, 152)))
        for x, y in ((x, y) for x in range(left + 8, left + 70, 18) for y in range(top + 12, HORIZON - 40, 26)):
            draw.rectangle((x, y, x + 9, y + 13), fill=_tint(random, (120, 140, 156)))
        draw.rectangle((left + 6, HORIZON - 34, left + 70, HORIZON), fill=_tint(random, (140, 90, 70)))
    draw.rectangle((0, HORIZON, width, KERB), fill=(172, 168, 160))
    draw.rectangle((0, KERB, width, height), fill=(92, 94, 98))
    for left in range(0, width, 40):
        draw.line((left, HORIZON, left * 2 - width // 2, KERB), fill=(150, 146, 138))
        draw.rectangle((left, 400, left + 22, 405), fill=(226, 226, 220))


def _tint(random: Random, colour: Colour) -> Colour:
    red, green, blue = (max(0, min(255, part + random.randint(-22, 22))) for part in colour)
    return red, green, blue


def _rubbish(random: Random, draw: Draw) -> None:
    for _ in range(16):
        x, y, size = random.randint(230, 400), random.randint(285, 335), random.randint(12, 34)
        draw.ellipse((x, y, x + size, y + size * 2 // 3), fill=_tint(random, random.choice(_BAGS)))


def _car(random: Random, draw: Draw) -> None:
    x, body = random.randint(120, 320), _tint(random, (150, 40, 44))
    draw.rounded_rectangle((x + 40, 262, x + 160, 300), 16, fill=body)
    draw.rounded_rectangle((x, 290, x + 220, 336), 12, fill=body)
    draw.rectangle((x + 54, 270, x + 146, 292), fill=(190, 210, 220))
    for wheel in (x + 30, x + 160):
        draw.ellipse((wheel, 320, wheel + 34, 354), fill=(24, 24, 26))


def _stall(random: Random, draw: Draw) -> None:
    x = random.randint(150, 340)
    draw.polygon(((x - 20, 240), (x + 80, 205), (x + 180, 240)), fill=_tint(random, (200, 60, 50)))
    draw.line((x, 240, x, 330), fill=(70, 60, 50), width=4)
    draw.line((x + 160, 240, x + 160, 330), fill=(70, 60, 50), width=4)
    draw.rectangle((x - 8, 288, x + 168, 326), fill=(150, 112, 74))
    for left in range(x, x + 150, 22):
        draw.ellipse((left, 276, left + 18, 294), fill=_tint(random, (220, 140, 50)))


def _hole(random: Random, draw: Draw) -> None:
    x, y = random.randint(220, 360), random.randint(370, 410)
    draw.ellipse((x, y, x + 130, y + 52), fill=(58, 56, 54))
    draw.ellipse((x + 12, y + 8, x + 116, y + 42), fill=(30, 28, 28))


def _tree(random: Random, draw: Draw) -> None:
    x = random.randint(200, 380)
    draw.line((x, 330, x - 120, 250), fill=(92, 66, 44), width=16)
    for _ in range(14):
        left, top = x - 190 + random.randint(0, 90), random.randint(196, 268)
        draw.ellipse((left, top, left + 52, top + 40), fill=_tint(random, (70, 120, 60)))


def _lamp(random: Random, draw: Draw) -> None:
    x = random.randint(200, 400)
    draw.line((x, 332, x + 26, 90), fill=(80, 84, 88), width=9)
    draw.line((x + 26, 90, x + 96, 84), fill=(80, 84, 88), width=6)
    draw.rectangle((x + 84, 82, x + 122, 94), fill=(50, 52, 54))


def _bins(random: Random, draw: Draw) -> None:
    for number, colour in enumerate(((60, 90, 160), (60, 120, 70), (110, 110, 112))):
        left = 220 + 62 * number
        draw.rectangle((left, 270, left + 48, 334), fill=_tint(random, colour))
        draw.rectangle((left - 3, 262, left + 51, 272), fill=(40, 40, 44))
    _rubbish(random, draw)


def _clean(random: Random, draw: Draw) -> None:
    draw.rectangle((random.randint(80, 500), 300, 560, 306), fill=(188, 184, 176))


_BAGS: tuple[Colour, ...] = ((40, 40, 44), (210, 206, 196), (170, 50, 46), (60, 90, 130))
_THINGS: dict[str, Callable[[Random, Draw], None]] = {
    "rubbish": _rubbish,
    "car": _car,
    "stall": _stall,
    "hole": _hole,
    "tree": _tree,
    "lamp": _lamp,
    "bins": _bins,
    "clean": _clean,
}
