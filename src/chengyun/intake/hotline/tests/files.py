"""Small files for the tests, as the hotlines' systems write them."""

import csv
import gzip
import io
from pathlib import Path

HEADER = ["工单编号", "受理时间", "标题", "诉求内容", "来电人", "联系电话", "诉求类型"]
LAMP = ["GD001", "2026-11-20 08:30:00", "路灯不亮", "凤凰街路灯三天不亮", "王某", "13800000000", "投诉"]
WASTE = ["GD002", "2026-11-20 09:00:00", "暴露垃圾", '幸福小区门口\n垃圾成堆，"没人"管', "李某", "13900000000", "举报"]
NOISE = ["GD003", "2026-11-21 22:10:00", "夜间施工", "工地夜里施工扰民", "", "", ""]


def text(*rows: list[str], header: list[str] = HEADER, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([header, *rows])
    return out.getvalue()


def changed(row: list[str], **cells: str) -> list[str]:
    names = dict(zip(["id", "time", "title", "text", "name", "phone", "kind"], range(7), strict=True))
    copy = list(row)
    for name, value in cells.items():
        copy[names[name]] = value
    return copy


def write(folder: Path, content: str | bytes, *, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def write_gzip(folder: Path, content: str, *, cut: int = 0) -> Path:
    packed = gzip.compress(content.encode())
    return write(folder, packed[: len(packed) - cut], name="orders.csv.gz")


def write_xlsx(folder: Path, *rows: list[object], header: list[str] = HEADER, epoch_1904: bool = False) -> Path:
    from openpyxl import Workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    if epoch_1904:
        book.epoch = CALENDAR_MAC_1904
    for row in [header, *rows]:
        book.active.append(row)
    book.save(folder / "orders.xlsx")
    return folder / "orders.xlsx"
