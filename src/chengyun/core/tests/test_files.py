import datetime as dt
import errno
import io
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.http import Http404
from django.test import RequestFactory
from PIL import ExifTags, Image

from chengyun.core import configuration, disk, files, history, instants
from chengyun.core.declarations import FileOwner
from chengyun.core.errors import UserError
from chengyun.core.files import pictures, serving, storing
from chengyun.core.models import StoredFile

CLERK = SimpleNamespace(user_id=7, name="受理员甲")
responses = []  # closed after each test
PDF = b"%PDF-1.7\n%a letter\n"


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    configuration.forget()
    yield
    for response in responses:
        response.close()
    responses.clear()


def picture(size=(2400, 1800), form="JPEG", mode="RGB", **options):
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, form, **options)
    return out.getvalue()


def phone_exif(**changes):
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = changes.get("make", "HUAWEI")
    exif[ExifTags.Base.Model] = "Mate 80"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = changes.get("taken", "2026:03:01 08:30:00")
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "N", changes.get("lat", (36.0, 30.0, 0.0))
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (117.0, 15.0, 36.0)
    return exif.tobytes()


def keep(content, name="现场.jpg"):
    return files.store(ContentFile(content, name=name), by=CLERK)


def left_on_disk():
    return [path for path in storing.root().rglob("*") if path.is_file()]


def refusal(content, name="现场.jpg"):
    with pytest.raises(UserError) as refused:
        keep(content, name)
    assert refused.value.field == "files"
    assert not StoredFile.objects.exists()
    assert left_on_disk() == []
    return str(refused.value)


def look(file, size="thumb", user_id=7, **headers):
    request = RequestFactory().get("/", headers=headers)
    request.user = SimpleNamespace(pk=user_id)
    response = serving.serve(request, file.pk, size)
    responses.append(response)
    return response


def body(response):
    return b"".join(response.streaming_content)


@pytest.mark.django_db
class TestStoring:
    def test_the_original_lies_untouched_and_private(self):
        content = picture(exif=phone_exif())
        file = keep(content)

        path = storing.original_path(file.sha256)
        assert path.read_bytes() == content
        assert path.stat().st_mode & 0o077 == 0
        assert left_on_disk() == [path]

    def test_it_reads_what_the_phone_wrote(self):
        file = keep(picture(exif=phone_exif()))

        assert (file.width, file.height) == (2400, 1800)
        assert file.taken_at == dt.datetime(2026, 3, 1, 8, 30, tzinfo=instants.SHANGHAI)
        assert (file.lon, file.lat) == (pytest.approx(117.26), 36.5)
        assert file.device == "HUAWEI Mate 80"

    def test_nonsense_in_exif_is_left_out(self):
        file = keep(picture(exif=phone_exif(taken="0000:00:00 00:00:00", lat=(999.0, 0.0, 0.0))))

        assert (file.taken_at, file.lon, file.lat) == (None, None, None)

    @pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
    def test_the_type_is_told_by_the_content(self, form):
        assert keep(picture((64, 64), form), name="合同.pdf").mime == f"image/{form.lower()}"

    @pytest.mark.parametrize(
        ("content", "mime"),
        [
            (PDF, "application/pdf"),
            (b"ID3\x04" + bytes(64), "audio/mpeg"),
            (b"\xff\xfb\x90\x00" + bytes(64), "audio/mpeg"),
            (b"\x00\x00\x00\x18ftypisom" + bytes(64), "video/mp4"),
            (b"RIFF\x00\x00\x00\x00WAVEfmt " + bytes(64), "audio/wav"),
        ],
    )
    def test_other_allowed_kinds(self, content, mime):
        assert keep(content).mime == mime

    @pytest.mark.parametrize("content", [b"MZ\x90\x00", b"<html><script>", b"<svg xmlns=", b"PK\x03\x04", b"GIF89a"])
    def test_other_kinds_are_refused(self, content):
        assert "不支持这种文件" in refusal(content + bytes(200))

    def test_heic_gets_its_own_advice(self):
        assert "HEIC" in refusal(b"\x00\x00\x00\x18ftypheic" + bytes(64))

    def test_an_empty_file_is_refused(self):
        assert "空的" in refusal(b"")

    def test_a_damaged_picture_is_refused(self):
        assert "损坏" in refusal(picture()[:3000])

    def test_a_picture_in_name_only_is_refused(self):
        assert "损坏" in refusal(b"\xff\xd8\xff" + bytes(500))

    def test_a_decompression_bomb_is_refused(self, monkeypatch):
        monkeypatch.setattr(pictures, "MAX_PIXELS", 100 * 100)

        assert "尺寸过大" in refusal(picture((101, 100), "PNG"))

    def test_pillows_own_guard_against_bombs_is_an_ordinary_refusal(self, monkeypatch):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)

        assert "尺寸过大" in refusal(picture((101, 100), "PNG"))

    def test_the_size_limit_is_a_setting(self):
        configuration.change("files.max_mb", 1, by=CLERK)

        assert "超过 1 MB" in refusal(PDF + bytes(1024 * 1024))

    def test_an_almost_full_disk_is_told(self, monkeypatch, tmp_path):
        state = disk.State(disk.Level.NO_UPLOADS, tmp_path, 10**6, None)
        monkeypatch.setattr(disk, "state", lambda: state)

        assert "磁盘空间不足" in refusal(PDF)

    def test_a_disk_that_fills_up_in_the_middle_is_told(self, monkeypatch):
        def full(handle):
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(storing.os, "fsync", full)

        assert "磁盘空间不足" in refusal(PDF)

    def test_it_is_on_the_disk_before_it_returns(self, monkeypatch):
        synced = []
        monkeypatch.setattr(storing.os, "fsync", lambda handle: synced.append(handle))
        keep(PDF)

        assert len(synced) == 5  # the file, and each directory up to the root

    def test_the_same_bytes_lie_there_once(self):
        first, second = keep(PDF), keep(PDF)

        assert first.sha256 == second.sha256 and first.salt != second.salt
        assert len(left_on_disk()) == 1

    def test_a_name_with_a_path_is_only_a_name(self):
        assert keep(PDF, name="..\\..\\etc/合 同\x00.pdf").name == "合 同.pdf"


@pytest.mark.django_db
class TestServing:
    def test_a_derivative_is_small_and_bare(self):
        file = keep(picture(exif=phone_exif(), comment=b"secret"))
        content = body(look(file, "view"))

        with Image.open(io.BytesIO(content)) as shown:
            assert (shown.format, shown.size) == ("JPEG", (1600, 1200))
            assert dict(shown.getexif()) == {} and "comment" not in shown.info
        assert b"HUAWEI" not in content

    def test_a_thumb_has_320_pixels(self):
        with Image.open(io.BytesIO(body(look(keep(picture()))))) as shown:
            assert shown.size == (320, 240)

    def test_a_picture_taken_upright_is_shown_upright(self):
        exif = Image.Exif()
        exif[ExifTags.Base.Orientation] = 6

        with Image.open(io.BytesIO(body(look(keep(picture(exif=exif.tobytes())))))) as shown:
            assert shown.size == (240, 320)

    @pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1"])
    def test_every_kind_of_png_can_be_shown(self, mode):
        assert look(keep(picture((500, 400), "PNG", mode))).status_code == 200

    def test_it_is_made_once(self, monkeypatch):
        file = keep(picture())
        look(file)
        monkeypatch.setattr(serving, "derive", None)

        assert look(file).status_code == 200

    def test_the_original_of_a_picture_is_never_served(self):
        with pytest.raises(Http404):
            look(keep(picture()), "file")

    def test_what_is_nobodys_yet_only_its_uploader_sees(self):
        file = keep(picture())

        assert look(file, user_id=7).status_code == 200
        with pytest.raises(Http404):
            look(file, user_id=8)

    def test_the_owners_module_decides(self, monkeypatch):
        monkeypatch.setattr(serving, "_owners", {})
        files.served_by("case", lambda request, case_id: request.user.pk == 8 and case_id == 17)
        file = keep(picture())
        files.attach(file, "case", 17)

        assert look(file, user_id=8).status_code == 200
        with pytest.raises(Http404):
            look(file, user_id=7)
        assert list(files.attached_to("case", 17)) == [file]

    def test_a_module_may_declare_who_sees_its_files(self, monkeypatch):
        owner = FileOwner("pole", lambda request, pole_id: request.user.pk == 8)
        monkeypatch.setattr(serving, "collect", lambda kind: [owner])
        file = keep(picture())
        files.attach(file, "pole", 3)

        assert look(file, user_id=8).status_code == 200
        with pytest.raises(Http404):
            look(file, user_id=9)

    def test_an_owner_that_no_module_answers_for_is_seen_by_nobody(self):
        file = keep(picture())
        files.attach(file, "forgotten", 1)

        with pytest.raises(Http404):
            look(file)

    def test_it_may_be_kept_by_the_browser_alone(self):
        response = look(keep(picture()))

        assert "private" in response["Cache-Control"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert look(StoredFile.objects.get(), **{"If-None-Match": response["ETag"]}).status_code == 304

    def test_a_document_is_offered_for_saving_under_its_name(self):
        response = look(keep(PDF, name="整改通知.pdf"), "file")

        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E6%95%B4")
        assert body(response) == PDF

    def test_the_address_of_a_picture_is_that_of_a_derivative(self):
        assert files.url(keep(picture()), "thumb").endswith("/thumb")
        assert files.url(keep(PDF)).endswith("/file")

    def test_a_watermark_is_on_the_derivative_only(self):
        content = picture()
        file = keep(content)
        bare = body(look(file, "view"))
        configuration.change("files.watermark", "Chengyun", by=CLERK)

        assert body(look(file, "view")) != bare
        assert storing.original_path(file.sha256).read_bytes() == content


@pytest.mark.django_db(transaction=True)
class TestErasing:
    def evidence(self, content=None):
        file = keep(content or picture(exif=phone_exif()))
        history.record("case:5", "case.step", {"commitments": files.commitments_of([file])}, by=CLERK)
        history.seal()
        return file

    def grave(self):
        return [fault.chain for fault in history.verify() if fault.is_grave]

    def test_a_kept_picture_verifies(self):
        self.evidence()

        assert history.verify() == []

    def test_an_exchanged_picture_is_found(self):
        file = self.evidence()
        StoredFile.objects.filter(pk=file.pk).update(sha256="0" * 64)

        assert self.grave() == ["case:5"]

    def test_a_picture_that_vanished_from_the_disk_is_found(self):
        storing.original_path(self.evidence().sha256).unlink()

        assert self.grave() == ["case:5"]

    def test_reading_every_file_finds_a_picture_exchanged_on_the_disk(self):
        file, whole = self.evidence(), keep(PDF)
        path = storing.original_path(file.sha256)
        path.write_bytes(picture((64, 64)))

        assert list(files.damaged()) == [file]
        assert whole not in files.damaged()

    def test_an_erased_picture_is_gone_and_the_chain_still_verifies(self):
        file = self.evidence()
        look(file)
        history.erase(file.key, by=CLERK, reason="误传他人证件照")
        file.refresh_from_db()

        assert (file.salt, file.lon, file.taken_at, file.device) == ("", None, None, "")
        assert left_on_disk() == []
        assert self.grave() == []
        with pytest.raises(Http404):
            look(file)

    def test_bytes_that_another_file_shares_stay(self):
        content = picture()
        file, other = self.evidence(content), keep(content)
        history.erase(file.key, by=CLERK, reason="误传")

        assert look(other).status_code == 200
