"""Cuts the two fonts of receipts out of Inter's static web fonts.

    python3 -m venv cut && cut/bin/pip install fonttools brotli
    cut/bin/python cut.py ui/node_modules/inter-ui/web .

What is kept: the letters a name, an address or a booking number is written with in Latin, Greek and Cyrillic,
punctuation, currency signs. Figures become Inter's tabular ones, so that amounts stand under each other without a
program that knows about OpenType features. Hints, kerning and features are left out.
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

KEPT = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    0x18F, 0x192, 0x1CD, 0x1CE, *range(0x1E6, 0x1E8), *range(0x218, 0x21C), 0x237, 0x259,
    0x2BC, 0x2C6, 0x2C7, *range(0x2D8, 0x2DE),
    *range(0x386, 0x3CF),
    *range(0x400, 0x460), 0x490, 0x491,
    *range(0x1E80, 0x1E86), 0x1E9E, *range(0x1EA0, 0x1EFA),
    *range(0x2010, 0x2016), *range(0x2018, 0x201F), 0x2020, 0x2021, 0x2022, 0x2026, 0x2030, 0x2032, 0x2033, 0x2039, 0x203A,
    *range(0x20A0, 0x20C1), 0x2116, 0x2122, 0x2190, 0x2192, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265, 0x25A1,
]

def cut(source: Path, target: Path) -> None:
    font = TTFont(source)
    for table in font["cmap"].tables:
        for digit in range(0x30, 0x3A):
            # Two of the tables may be one and the same.
            if digit in table.cmap:
                table.cmap[digit] = table.cmap[digit].removesuffix(".tf") + ".tf"
    options = subset.Options(layout_features=[], hinting=False, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14], notdef_outline=True,
                             glyph_names=False, recommended_glyphs=False, drop_tables=["GDEF", "GPOS", "GSUB"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=KEPT)
    cutter.subset(font)
    # The moment of the cut is no part of the font.
    font.recalcTimestamp = False
    font.flavor = None
    font.save(target)
    print(target, target.stat().st_size, "bytes,", len(font.getBestCmap()), "characters")


for weight in ("Regular", "SemiBold"):
    cut(Path(sys.argv[1]) / f"Inter-{weight}.woff2", Path(sys.argv[2]) / f"Inter-{weight}.ttf")
