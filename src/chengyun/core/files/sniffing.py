"""What a file is, told by its first bytes; its name and what the browser says count for nothing."""

from __future__ import annotations

from collections.abc import Callable

PICTURES = ("image/jpeg", "image/png", "image/webp")

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")


def mime_of(head: bytes) -> str:
    """The type of an allowed file, "image/heic" for what phones write and browsers cannot show, else blank."""
    return next((mime for mime, fits in _SIGNATURES if fits(head)), "")


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda head: head.startswith(magic)


def _is_riff(kind: bytes) -> Callable[[bytes], bool]:
    return lambda head: head[:4] == b"RIFF" and head[8:12] == kind


def _is_iso_media(head: bytes) -> bool:
    return head[4:8] == b"ftyp"


def _is_mpeg_audio_frame(head: bytes) -> bool:
    # Eleven set bits, then a layer that is MPEG audio layer III.
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2


_SIGNATURES: list[tuple[str, Callable[[bytes], bool]]] = [
    ("image/jpeg", _starts(b"\xff\xd8\xff")),
    ("image/png", _starts(b"\x89PNG\r\n\x1a\n")),
    ("image/webp", _is_riff(b"WEBP")),
    ("image/heic", lambda head: _is_iso_media(head) and head[8:12] in _HEIC_BRANDS),
    ("audio/mp4", lambda head: _is_iso_media(head) and head[8:11] == b"M4A"),
    ("video/mp4", _is_iso_media),
    ("audio/mpeg", lambda head: head.startswith(b"ID3") or _is_mpeg_audio_frame(head)),
    ("audio/wav", _is_riff(b"WAVE")),
    ("application/pdf", _starts(b"%PDF-")),
]
