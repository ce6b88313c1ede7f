"""A Word file through LibreOffice: a program that behaves like it, and where the machine has it the real one."""

import http.server
import io
import os
import shutil
import threading
import time
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from pypdf import PdfReader, PdfWriter

from chengyun.insight.word import libreoffice
from chengyun.insight.word.libreoffice import Fault, NotMade

# What it is given, and what it is asked to leave alone, it writes down beside the PDF.
LIKE_IT = """#!/bin/sh
[ -f paper.docx ] && [ -f profile/user/registrymodifications.xcu ] || exit 3
env > {told}; echo "$@" >> {told}; cat profile/user/registrymodifications.xcu >> {told}
cp {pdf} paper.pdf
"""


@pytest.fixture
def program(settings, tmp_path):
    """Makes a program of some lines of shell the installation's LibreOffice."""

    def make(text: str) -> Path:
        place = tmp_path / "soffice"
        place.write_text(text)
        place.chmod(0o700)
        settings.SOFFICE = str(place)
        return place

    return make


@pytest.fixture
def like_it(program, tmp_path):
    """What it gives is a page with nothing on it."""
    pdf = PdfWriter()
    pdf.add_blank_page(595, 842)
    pdf.write(tmp_path / "bare.pdf")
    return program(LIKE_IT.format(told=tmp_path / "told", pdf=tmp_path / "bare.pdf"))


def word(picture: str = "") -> bytes:
    document, out = Document(), io.BytesIO()
    document.add_paragraph("Report 2026")
    if picture:
        _linked(document, picture)
    document.save(out)
    return out.getvalue()


def _linked(document, address: str) -> None:
    """A picture that the document itself does not hold."""
    rid = document.part.relate_to(address, RELATIONSHIP_TYPE.IMAGE, is_external=True)
    names = nsdecls("w", "wp", "a", "pic", "r")
    document.paragraphs[0].add_run()._r.append(
        parse_xml(
            f'<w:drawing {names}><wp:inline><wp:extent cx="900000" cy="900000"/><wp:docPr id="1" name="p"/><a:graphic>'
            '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
            '<pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>'
            f'<a:blip r:link="{rid}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>'
            '<a:off x="0" y="0"/><a:ext cx="900000" cy="900000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
            "</a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
        )
    )


@pytest.fixture
def asked_for():
    """The addresses that somebody asks a server of ours for."""
    seen: list[str] = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_error(404)

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET

        def log_message(self, *_said: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/secret.png", seen
    server.shutdown()
    server.server_close()


def test_it_makes_a_pdf_and_asks_nobody_for_anything(like_it, settings, asked_for):
    address, seen = asked_for
    real = [found] if (found := next(filter(None, map(shutil.which, libreoffice.NAMES)), "")) else []
    for each in (str(like_it), *real):
        settings.SOFFICE = each
        made = PdfReader(io.BytesIO(libreoffice.as_pdf(word(address))))
        assert len(made.pages) == 1
    assert not real or "Report 2026" in made.pages[0].extract_text()
    assert seen == []


def test_it_has_a_profile_of_its_own_and_none_of_our_secrets(like_it, tmp_path, monkeypatch):
    monkeypatch.setenv("CHENGYUN_SECRET_KEY", "never told")
    libreoffice.as_pdf(word())
    told = (tmp_path / "told").read_text()
    assert "never told" not in told and "-env:UserInstallation=file:///" in told
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true' in told
    home = next(line for line in told.splitlines() if line.startswith("HOME="))
    assert not Path(home.removeprefix("HOME=")).exists()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("#!/bin/sh\nexit 7\n", Fault.FAILED),
        ("#!/bin/sh\nexit 0\n", Fault.FAILED),
        ("#!/bin/sh\necho text > paper.pdf\n", Fault.FAILED),
    ],
)
def test_what_is_no_pdf_is_not_given_out(program, text, fault):
    program(text)
    with pytest.raises(NotMade) as told:
        libreoffice.as_pdf(word())
    assert told.value.fault == fault


def test_its_time_is_limited_and_what_it_started_ends_with_it(program, tmp_path):
    program(f"#!/bin/sh\nsleep 30 & echo $! > {tmp_path}/child; wait\n")
    with pytest.raises(NotMade) as told:
        libreoffice.as_pdf(word(), seconds=0.5)
    assert told.value.fault == Fault.LATE
    child = int((tmp_path / "child").read_text())
    for _try in range(50):
        if not _runs(child):
            return
        time.sleep(0.02)
    pytest.fail("what it started goes on")


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    # Ended, and nobody has asked for how: there may be no parent left that does.
    return state != "Z"


def test_where_there_is_none_it_is_not_offered(settings):
    settings.SOFFICE = "-"
    assert libreoffice.program() == ""
    with pytest.raises(NotMade) as told:
        libreoffice.as_pdf(b"")
    assert told.value.fault == Fault.ABSENT
    settings.SOFFICE = os.devnull
    assert libreoffice.program() == ""
