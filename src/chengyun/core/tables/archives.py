"""An archive may say little and mean much: workbooks are measured before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import IO, Final

from openpyxl.utils.exceptions import InvalidFileException

# What the readers of workbooks and Word documents raise over bytes that are none, or that somebody bent: archives that
# are cut or locked, XML that is none (a SyntaxError) or swells, parts that lack or say nonsense, nests without an end.
UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    RuntimeError,
)
# A county's largest list is a tenth of it.
MOST_UNPACKED = 200 * 1024 * 1024


def measured(file: bytes | IO[bytes]) -> IO[bytes]:
    """The workbook, to be read from its beginning. BadZipFile where it is none, or unpacks beyond reason."""
    stream = io.BytesIO(file) if isinstance(file, bytes) else file
    with zipfile.ZipFile(stream) as archive:
        if sum(each.file_size for each in archive.infolist()) > MOST_UNPACKED:
            raise zipfile.BadZipFile("unpacks beyond reason")
    stream.seek(0)
    return stream
