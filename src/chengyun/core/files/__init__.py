"""Uploaded files: what they are (sniffing), pictures (pictures), where they lie (storing), who sees them (serving).

Originals are kept untouched and private. Pictures are served as derivatives only, without EXIF.
"""

from chengyun.core.file_models import StoredFile
from chengyun.core.files.erasing import commitments_of, damaged
from chengyun.core.files.serving import served_by, shown, url
from chengyun.core.files.storing import attach, attached_to, open_original, store

__all__ = [
    "StoredFile",
    "attach",
    "attached_to",
    "commitments_of",
    "damaged",
    "open_original",
    "served_by",
    "shown",
    "store",
    "url",
]
