"""Pictures: are they whole, what does their EXIF say, and what of them is shown."""

from __future__ import annotations

import datetime as dt
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageDraw, ImageFont, ImageOps

from chengyun.core.errors import UserError
from chengyun.core.instants import SHANGHAI, now

# A phone of 2026 takes up to 50 megapixels by default; more is a decompression bomb or an art scan.
MAX_PIXELS = 64_000_000
SIZES = {"thumb": 320, "view": 1600}
CJK_FONTS = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
)

Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# What Pillow's decoders raise on damaged or hostile bytes.
_DECODING = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    AttributeError,
    struct.error,
    zlib.error,
)
_TOO_LARGE = (Image.DecompressionBombError, Image.DecompressionBombWarning)


@dataclass(frozen=True)
class PictureFacts:
    width: int
    height: int
    taken_at: dt.datetime | None
    lon: float | None
    lat: float | None
    device: str


@contextmanager
def _opened(path: Path) -> Iterator[Image.Image]:
    try:
        with Image.open(path, formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Image.DecompressionBombError
            yield image
    except _TOO_LARGE as error:
        raise UserError(_("图片尺寸过大，请缩小后再上传。"), field="files") from error
    except _DECODING as error:
        raise UserError(_("图片已损坏，请重新拍摄或另选一张。"), field="files") from error


def inspect(path: Path) -> PictureFacts:
    """Refuses what cannot be decoded."""
    with _opened(path) as image:
        width, height = image.size
        exif = _exif(image)
        image.draft("RGB", (SIZES["thumb"], SIZES["thumb"]))  # an eighth of the work for a JPEG
        image.load()
    lon, lat = _place(exif)
    return PictureFacts(width, height, _taken_at(exif), lon, lat, _device(exif))


def derive(original: Path, target: Path, size: str, watermark: str = "") -> None:
    """Write a JPEG of at most `size` that holds nothing but pixels."""
    with _opened(original) as image:
        side = SIZES[size]
        image.draft("RGB", (side, side))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((side, side))
        # A fresh canvas carries no EXIF, comment or profile; what is transparent becomes white.
        canvas = Image.new("RGB", upright.size, "white")
        canvas.paste(upright, mask=upright.getchannel("A") if upright.mode in ("RGBA", "LA") else None)
    if watermark:
        _stamp(canvas, watermark)
    canvas.save(target, "JPEG", quality=82, optimize=True, progressive=size == "view")


# --- EXIF: every field may be nonsense, and nonsense is no reason to refuse a picture ---------------------------------


@dataclass(frozen=True)
class _Exif:
    base: Mapping[int, Any]
    details: Mapping[int, Any]
    gps: Mapping[int, Any]


def _exif(image: Image.Image) -> _Exif:
    try:
        exif = image.getexif()
        return _Exif(exif, exif.get_ifd(ExifTags.IFD.Exif), exif.get_ifd(ExifTags.IFD.GPSInfo))
    except _DECODING:
        return _Exif({}, {}, {})


def _taken_at(exif: _Exif) -> dt.datetime | None:
    text = str(exif.details.get(ExifTags.Base.DateTimeOriginal) or exif.base.get(ExifTags.Base.DateTime) or "")
    offset = str(exif.details.get(ExifTags.Base.OffsetTimeOriginal) or "")
    try:
        taken = dt.datetime.strptime(text[:19] + (offset or "+08:00"), "%Y:%m:%d %H:%M:%S%z")
    except ValueError:
        return None
    is_believable = dt.datetime(2000, 1, 1, tzinfo=SHANGHAI) < taken < now() + dt.timedelta(days=1)
    return taken if is_believable else None


def _place(exif: _Exif) -> tuple[float | None, float | None]:
    lat = _degrees(exif.gps.get(ExifTags.GPS.GPSLatitude), exif.gps.get(ExifTags.GPS.GPSLatitudeRef) == "S")
    lon = _degrees(exif.gps.get(ExifTags.GPS.GPSLongitude), exif.gps.get(ExifTags.GPS.GPSLongitudeRef) == "W")
    if lon is None or lat is None or not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon == 0 and lat == 0):
        return None, None
    return lon, lat


def _degrees(parts: Any, is_negative: bool) -> float | None:
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ArithmeticError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if is_negative else value


def _device(exif: _Exif) -> str:
    maker, model = (str(exif.base.get(tag) or "") for tag in (ExifTags.Base.Make, ExifTags.Base.Model))
    text = model if model.startswith(maker) else f"{maker} {model}"
    return "".join(each for each in text if each.isprintable()).strip()[:100]


# --- watermark --------------------------------------------------------------------------------------------------------


def _stamp(canvas: Image.Image, text: str) -> None:
    height = max(canvas.height // 40, 11)
    font = _font(height)
    if not isinstance(font, ImageFont.FreeTypeFont) or font.path is None:
        text = text.encode("ascii", "ignore").decode().strip()
    place = (height // 2, canvas.height - height * 2)
    ImageDraw.Draw(canvas).text(
        place, text, font=font, fill="white", stroke_width=max(height // 12, 1), stroke_fill="black"
    )


def _font(height: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for path in CJK_FONTS:
        if path.exists():
            return ImageFont.truetype(str(path), height)
    return ImageFont.load_default(height)
