"""The pictures of the demo: scenes drawn by the program, each by a name and a seed, always the same."""

from collections.abc import Callable, Sequence
from importlib.resources import files
from random import Random

from greetings.operations.demo import childrens, landscapes, objects, portraits
from greetings.operations.demo.canvas import Canvas
from greetings.operations.demo.lettering import lines_of

Painter = Callable[[Canvas, Random, str, list[str], list[str]], None]

SCENES: dict[str, Painter] = {
    "portrait": portraits.paint_portrait,
    "pair": portraits.paint_pair,
    "group": portraits.paint_group,
    "letters": portraits.paint_letters,
    "hands": portraits.paint_hands,
    "covered": portraits.paint_covered,
    "shirt": portraits.paint_shirt,
    "field": landscapes.paint_field,
    "lake": landscapes.paint_lake,
    "bridge": landscapes.paint_bridge,
    "windows": landscapes.paint_windows,
    "village": landscapes.paint_village,
    "shore": landscapes.paint_shore,
    "birches": landscapes.paint_birches,
    "balloons": landscapes.paint_balloons,
    "table": objects.paint_table,
    "cake": objects.paint_cake,
    "sill": objects.paint_sill,
    "books": objects.paint_books,
    "mushrooms": objects.paint_mushrooms,
    "bicycle": objects.paint_bicycle,
    "chalk": objects.paint_chalk,
    "garland": objects.paint_garland,
    "childrens": childrens.paint_card,
}
PLACES = (
    "town", "evening", "night", "snow", "forest", "autumn", "rye", "sea", "lake",
    "office", "kitchen", "library", "garden", "mountains", "brick", "market", "meadow",
)  # fmt: skip
LANDSCAPE, PORTRAIT, SQUARE = (1600, 1067), (1200, 1600), (1440, 1440)
WIDE, CLASSIC, TALL = (1600, 900), (1600, 1200), (1280, 1600)
SIZES_PX = (LANDSCAPE, PORTRAIT, CLASSIC, TALL, WIDE, SQUARE)
BROAD_SCENES = frozenset({"pair", "group", "letters", "field", "bridge", "windows", "bicycle", "books"})
CARDS = ((1280, 960), (960, 1280), (1120, 1120))
SPELT_SCENES = frozenset({"balloons", "garland", "letters"})
WISHES = {
    "be": ("З днём/нараджэння,/*Алесь!", "Алесь,/*мы з табой!", "Здароўя/і волі,/*Алесь!"),
    "en": ("Happy/Birthday/*Ales!", "Ales,/*we are with you!", "Happy 50th,/*Ales!"),
    "nl": ("Gefeliciteerd,/*Ales!", "Hoera,/*Ales 50!"),
    "ru": ("С днём/рождения,/*Алесь!", "Алесь,/*мы рядом!", "Здоровья/и воли,/*Алесь!"),
}


def draw(scene: str, seed: int, language: str, casts: Sequence[str] = ()) -> bytes:
    """One picture as JPEG, long edge 1120 to 1600 px; the same arguments give the same bytes."""
    rng, size, wish = _chosen(scene, seed, language)
    canvas = Canvas(*size, (0, 0, 0))
    settings = childrens.MOTIFS if scene == "childrens" else PLACES
    SCENES[scene](canvas, rng, settings[seed % len(settings)], lines_of(wish), list(casts))
    return canvas.jpeg()


def wish_on(scene: str, seed: int, language: str) -> str:
    """What is written in that picture, as one line."""
    _rng, _size, wish = _chosen(scene, seed, language)
    return wish.replace("/", " ").replace("*", "")


def _chosen(scene: str, seed: int, language: str) -> tuple[Random, tuple[int, int], str]:
    """The dice of a picture, and what they say of its size and words."""
    rng = Random(f"{scene} {seed} {language}")
    size = rng.choice(_sizes_px(scene))
    wish = "АЛЕСЬ/50" if scene in SPELT_SCENES else rng.choice(WISHES[language])
    return rng, size, wish


def _sizes_px(scene: str) -> tuple[tuple[int, int], ...]:
    if scene == "childrens":
        return CARDS
    return (LANDSCAPE, WIDE, CLASSIC) if scene in BROAD_SCENES else SIZES_PX


def photograph(name: str) -> bytes:
    """One of the finished illustrations that come with the program, by its name."""
    return files("greetings.operations.demo").joinpath("photographs", f"{name}.webp").read_bytes()
