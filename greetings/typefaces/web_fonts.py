"""Web fonts: two small files for each style, under a name of our own, with the licence beside them.

The browser fetches a file only when a page uses its letters (`unicode-range` in the style sheet, the same
ranges as here). The bytes depend on nothing but the packages: built twice, on two machines, they are the
same.
"""

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

from greetings.typefaces.faces import WEB_FACES, Face, LettersMissing, get_font_path, get_licence_path

# Raise when the way of cutting changes, so that folders cut by the old way are cut anew.
RECIPE = 2
STAMP_NAME = ".stamp"
_cutter: Any = subset  # it has no types
FEATURES = ("ccmp", "kern", "liga", "lnum", "locl", "mark", "mkmk", "onum", "pnum", "tnum")

_FAMILY, _STYLE, _UNIQUE, _FULL, _POSTSCRIPT = 1, 2, 3, 4, 6
_COPYRIGHT, _VERSION, _MAKER, _DESIGNER, _LICENCE, _LICENCE_ADDRESS = 0, 5, 8, 9, 13, 14
_KEPT_NAMES = (_COPYRIGHT, _VERSION, _MAKER, _DESIGNER, _LICENCE, _LICENCE_ADDRESS)
_WINDOWS, _UNICODE, _ENGLISH = 3, 1, 0x409
_USE_MY_METRICS = 0x0200  # of a part of a composite glyph


Ranges = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Alphabet:
    """A part of a font that is fetched on its own.

    The browser looks for the letters of `asked_for` in it (the style sheet's `unicode-range`); of those it
    holds the ones in `held`, and leaves phonetic signs and rare symbols to the reader's own fonts.
    Ranges are first and last code points, both included.
    """

    name: str
    asked_for: Ranges
    held: Ranges
    must_have: str

    def code_points(self) -> list[int]:
        """List every code point that is held, drawn by the font or not."""
        return [point for first, last in self.held for point in range(first, last + 1)]


# Letters of Europe's Latin alphabets, spaces, dashes, quotation marks, currencies, arrows, minus.
_LATIN = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x2BC, 0x2BC), (0x2009, 0x200A), (0x2010, 0x2015),
    (0x2018, 0x201E), (0x2020, 0x2022), (0x2026, 0x2026), (0x202F, 0x202F), (0x2032, 0x2033),
    (0x2039, 0x203A), (0x20AC, 0x20AC), (0x20BD, 0x20BD), (0x2116, 0x2116), (0x2122, 0x2122),
    (0x2190, 0x2193), (0x2212, 0x2212),
)  # fmt: skip
_CYRILLIC = ((0x301, 0x301), (0x400, 0x491))
# Plain Latin and Cyrillic letters with all that usually stands among them.
_MIXED = (
    (0x20, 0x7E), (0xA0, 0xA0), (0xA7, 0xA7), (0xA9, 0xA9), (0xAB, 0xAB), (0xAD, 0xAD), (0xB7, 0xB7),
    (0xBB, 0xBB), (0x2BC, 0x2BC), *_CYRILLIC, (0x2010, 0x2014), (0x2018, 0x201E), (0x2026, 0x2026),
    (0x2116, 0x2116), (0x2192, 0x2192), (0x2212, 0x2212),
)  # fmt: skip
_ASKED_MIXED = ((0x20, 0x7E), (0xA0, 0xBB), (0x2BC, 0x2BC), *_CYRILLIC, (0x2010, 0x2212))


def _rest_of_latin() -> Ranges:
    points = {point for first, last in _LATIN for point in range(first, last + 1)}
    rest = points - {point for first, last in _MIXED for point in range(first, last + 1)}
    return tuple((point, point) for point in sorted(rest))


# Pages in all three languages take the second, so a text comes all at once, and no space or figure later than
# the letters around it; for é, Ł or € they take the first, too. Where both are asked, the second is first.
ALPHABETS = (
    Alphabet("accents", ((0xA1, 0x2BB), (0x2009, 0x2212)), _rest_of_latin(), "éłž€"),
    Alphabet("mixed", _ASKED_MIXED, _MIXED, "AzАяЎўІіЁёҐґЄєЇї«»ʼ’“”„–—…·№−→\u00a0\u0301"),
)


def web_font_names() -> list[str]:
    """List the names of all font files that `build_web_fonts` makes."""
    return [_file_name(face, alphabet) for face in WEB_FACES for alphabet in ALPHABETS]


def build_web_fonts(folder: Path) -> None:
    """Cut every style and alphabet into `folder` as WOFF2, with the licences; a second call finds it done.

    Each file is replaced whole, so a server may read the folder meanwhile.
    Raises FontMissing, LettersMissing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    stamp = _stamp()
    if _is_built(folder, stamp):
        return
    for face in WEB_FACES:
        for alphabet in ALPHABETS:
            _write_cut(face, alphabet, folder / _file_name(face, alphabet))
    for role, package in _packages().items():
        _replace(folder / _licence_name(role), get_licence_path(package).read_bytes())
    for path in folder.glob("greetings-*.woff2"):
        if path.name not in web_font_names():  # cut by an earlier recipe
            path.unlink(missing_ok=True)
    _replace(folder / STAMP_NAME, stamp.encode())


def _file_name(face: Face, alphabet: Alphabet) -> str:
    return f"greetings-{face.role}-{face.weight}-{alphabet.name}.woff2"


def _licence_name(role: str) -> str:
    return f"greetings-{role}-licence.txt"


def _packages() -> dict[str, str]:
    return {face.role: face.package for face in WEB_FACES}


def _stamp() -> str:
    """Digest all that decides the bytes: the recipe, the cutting tool, the fonts and licences."""
    digest = hashlib.sha256(
        repr((RECIPE, FEATURES, ALPHABETS, version("fonttools"), version("brotli"))).encode()
    )
    for path in (
        *(get_font_path(face, "ttf") for face in WEB_FACES),
        *(get_licence_path(package) for package in _packages().values()),
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _is_built(folder: Path, stamp: str) -> bool:
    stamp_file = folder / STAMP_NAME
    if not stamp_file.is_file() or stamp_file.read_text(encoding="ascii") != stamp:
        return False
    expected = [*web_font_names(), *(_licence_name(role) for role in _packages())]
    return all((folder / name).is_file() for name in expected)


def _write_cut(face: Face, alphabet: Alphabet, target: Path) -> None:
    # Times inside the font stay those of its makers: a build's own time would make each build another file.
    with TTFont(get_font_path(face, "ttf"), recalcTimestamp=False) as font:
        _require_letters(font, alphabet, face)
        subsetter = _cutter.Subsetter(_subset_options())
        subsetter.populate(unicodes=alphabet.code_points())
        subsetter.subset(font)
        _keep_own_widths(font)
        _rename(font, face, alphabet)
        font.flavor = "woff2"
        partial = target.with_suffix(".partial")
        font.save(partial)
    partial.replace(target)


def _require_letters(font: TTFont, alphabet: Alphabet, face: Face) -> None:
    drawn = font.getBestCmap() or {}
    missing = [letter for letter in alphabet.must_have if ord(letter) not in drawn]
    if missing:
        raise LettersMissing(f"{face.file_name} lacks {''.join(missing)}")


def _subset_options() -> Any:
    options = _cutter.Options()
    options.layout_features = list(FEATURES)
    options.hinting = False  # screens of today smooth outlines themselves; hints are half of the bytes
    options.name_IDs = list(_KEPT_NAMES)
    options.name_languages = [_ENGLISH]
    options.notdef_outline = True
    options.drop_tables += ["BASE", "DSIG"]
    return options


def _keep_own_widths(font: TTFont) -> None:
    """Let no glyph that is put together from others borrow the width of one of them.

    Source Serif draws “«” from two “‹” and says to take the width of one: where letters stand on whole
    pixels, as on a screen of usual density under Linux, the next letter was set into the mark.
    """
    glyphs: Any = font["glyf"]
    for name in font.getGlyphOrder():
        if glyphs[name].isComposite():
            for part in glyphs[name].components:
                part.flags &= ~_USE_MY_METRICS


def _rename(font: TTFont, face: Face, alphabet: Alphabet) -> None:
    """Give the font our name; its makers, copyright and licence stay in it, as the licence asks."""
    family = f"Greetings {face.role.title()}"
    style = "Regular" if face.weight == 400 else "Semibold"  # noqa: PLR2004  # the two weights of WEB_FACES
    new_names = {
        _FAMILY: family if style == "Regular" else f"{family} {style}",
        _STYLE: "Regular",
        _UNIQUE: f"Greetings;{face.role};{face.weight};{alphabet.name}",
        _FULL: f"{family} {style}",
        _POSTSCRIPT: f"{family.replace(' ', '')}-{style}",
    }
    table: Any = font["name"]
    table.names = [name for name in table.names if name.platformID == _WINDOWS and name.nameID in _KEPT_NAMES]
    for name_id, text in new_names.items():
        table.setName(text, name_id, _WINDOWS, _UNICODE, _ENGLISH)


def _replace(target: Path, content: bytes) -> None:
    partial = target.with_name(f"{target.name}.partial")
    partial.write_bytes(content)
    partial.replace(target)
