"""Make the fonts that PDF reports bring along: `python scripts/report_fonts.py [FOLDER OF NOTO CJK]`.

Debian's fonts-noto-cjk (SIL OFL 1.1), reduced to the characters of GB 2312 for text and to its first level for
headings: 3 MB instead of 50. What lies outside is taken from the fonts of the machine.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection

TARGET = Path(__file__).resolve().parent.parent / "src/chengyun/insight/reports/font"
SOURCE = Path("/usr/share/fonts/opentype/noto")
LATIN = "".join(map(chr, range(0x20, 0x7F)))
MARKS = "—–…·“”‘’①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳〇"
FIRST_ROWS, LEVEL_ONE, EVERYTHING = range(0xA1, 0xA4), range(0xB0, 0xD8), range(0xA1, 0xF8)


def characters(rows: range) -> str:
    """The characters of these rows of GB 2312."""
    pairs = (bytes([row, cell]) for row in rows for cell in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", "ignore") for pair in pairs)


FONTS = {
    "NotoSerifCJK-Regular": characters(EVERYTHING),
    "NotoSansCJK-Bold": characters(FIRST_ROWS) + characters(LEVEL_ONE),
}


def main(source: Path) -> None:
    TARGET.mkdir(exist_ok=True)
    for name, wanted in FONTS.items():
        collection = TTCollection(source / f"{name}.ttc")
        font = next(each for each in collection.fonts if " CJK SC" in str(each["name"].getDebugName(4)))
        options = subset.Options()
        options.hinting, options.layout_features, options.notdef_outline = False, [], True
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
        options.drop_tables += ["BASE", "VORG", "vhea", "vmtx", "GPOS", "GSUB"]
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=wanted + LATIN + MARKS)
        subsetter.subset(font)
        font.save(TARGET / f"{name}-SC.otf")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE)
