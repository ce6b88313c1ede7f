"""Word files for the tests of templates."""

from __future__ import annotations

import io
import zipfile

from docx import Document


def template(*lines: str) -> bytes:
    document, out = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    """What is in the file; when it was packed is left aside."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}
