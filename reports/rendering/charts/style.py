"""How every chart looks, and why it comes out the same byte for byte: own fonts, fixed ids, no dates.

matplotlib's settings are global, so they are set once, at import, and nothing else in the service draws. The web
process never imports this package.
"""

import re
from functools import lru_cache
from io import BytesIO
from operator import sub
from typing import Any

import matplotlib
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from PIL import Image

from reports.rendering import fonts

# Okabe and Ito's colours, which everyone can tell apart; each line and circle has a shape of its own besides.
BLUE = "#0b5394"
SKY = "#0072b2"
VERMILION = "#d55e00"
INK = "#1f2933"
GREY = "#5f6b7a"
LINE = "#d5dbe3"
GROUND = "#f6f8fa"
PAPER = "#ffffff"

SMALL = 6.5  # points
NORMAL = 7.5
PNG_LIMIT = 60_000  # bytes: a mail with three pictures stays small
PNG_EFFORT = 7  # of 9: the last two take ten times as long and save 7%
MOST_COMMON = 8  # colours of a picture that are kept as they are: white stays white
ALIKE = 8  # of 255: two colours that differ by less in each part are one
PNG_TRIES = ((250, 48), (250, 20), (160, 20), (110, 12))  # dots per inch, colours: fewer for a crowded map

_STYLE_ATTRIBUTE = re.compile(r'\sstyle="([^"]*)"')
_NEEDLESS = re.compile(r"<style.*?</style>|<metadata>.*?</metadata>|<!--.*?-->|\n\s*", re.DOTALL)
_ID = re.compile(r'(\bid="|href="#|url\(#)')


def _set_up() -> None:
    font_manager.fontManager.ttflist = []
    for file in fonts.FILES:
        font_manager.fontManager.addfont(file)
    matplotlib.rcParams.update(matplotlib.rcParamsDefault)
    matplotlib.rcParams.update(
        {
            "font.family": list(fonts.FAMILIES),
            "font.size": NORMAL,
            "text.color": INK,
            "text.parse_math": False,  # a name may hold a dollar sign
            "axes.linewidth": 0.6,
            "axes.edgecolor": LINE,
            "xtick.color": GREY,
            "ytick.color": GREY,
            "xtick.labelsize": SMALL,
            "ytick.labelsize": SMALL,
            "svg.fonttype": "path",
            "svg.hashsalt": "situation report",
        }
    )


_set_up()


def canvas(width: float, height: float) -> Figure:
    """An empty drawing of this size in inches on white paper. Never pyplot: it is not safe in threads.

    Its dots are those of the sharpest PNG: at few dots letters are fitted to them, and a text measures up to 5% less than it
    takes where it is drawn.
    """
    return Figure(figsize=(width, height), facecolor=PAPER, dpi=PNG_TRIES[0][0])


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, weight: str = "normal") -> float:
    """How wide a line is in inches, at `size` points, on the canvas. Kept: names stand on every map in every language."""
    font = FontProperties(size=size, weight=weight)
    width: float = _ruler().get_text_width_height_descent(text, font, ismath=False)[0]
    return width / PNG_TRIES[0][0]


@lru_cache(maxsize=1)
def _ruler() -> Any:
    """One for all: a text that has to look for its own makes a picture for it."""
    renderer: Any = RendererAgg  # it has no types
    return renderer(1, 1, PNG_TRIES[0][0])


def plain_axes(figure: Figure, *, left: float, right: float, bottom: float, top: float) -> Axes:
    """Axes with these margins in inches; light lines across, no frame."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, (width - left - right) / width, (height - bottom - top) / height)
    axes = figure.add_axes(box)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(length=0)
    return axes


def to_svg(figure: Figure, name: str) -> str:
    """The drawing as SVG for paper and page. `name` keeps ids apart when several charts stand in one page.

    A strict content security policy allows it: no style element, no style attribute, nothing from outside.
    """
    out = BytesIO()
    drawing: Any = FigureCanvasSVG(figure)  # its methods have no types
    drawing.print_svg(out, metadata={"Date": None, "Creator": None})
    text = out.getvalue().decode()
    text = _NEEDLESS.sub(_nothing_or_space, text[text.index("<svg") :])
    text = _STYLE_ATTRIBUTE.sub(_as_attributes, text)
    text = _ID.sub(lambda found: f"{found.group(1)}{name}-", text)
    return text.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" ', 1).strip()


def _nothing_or_space(found: re.Match[str]) -> str:
    return " " if found.group().startswith("\n") else ""


def _as_attributes(found: re.Match[str]) -> str:
    pairs = (part.split(":", 1) for part in found.group(1).split(";") if ":" in part)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


def to_png(figure: Figure) -> bytes:
    """The drawing as PNG for mail programs, which show no SVG: sharp on a telephone, and at most 60 KB."""
    packed = b""
    for dots, colours in PNG_TRIES:
        packed = _packed(figure, dots, colours)
        if len(packed) <= PNG_LIMIT:
            break
    return packed


def _packed(figure: Figure, dots: int, colours: int) -> bytes:
    figure.set_dpi(dots)
    drawing: Any = FigureCanvasAgg(figure)
    drawing.draw()
    image = Image.frombuffer("RGBA", drawing.get_width_height(), drawing.buffer_rgba()).convert("RGB")
    out = BytesIO()
    small = image.quantize(palette=_palette(image, colours), dither=Image.Dither.NONE)
    small.save(out, "PNG", compress_level=PNG_EFFORT)
    return out.getvalue()


def _palette(image: Image.Image, colours: int) -> Image.Image:
    """At most so many colours for it: those that cover most of it as they are, and what lies between them.

    Chosen by a ninth of the dots. Colours that an eye takes for one are left out, since each dot would take either.
    """
    sample = image.resize((image.width // 3, image.height // 3), Image.Resampling.NEAREST)
    counted = sample.getcolors(sample.width * sample.height) or []
    most = [colour for _dots, colour in sorted(counted, reverse=True)[:MOST_COMMON]]
    cut = sample.quantize(colours - MOST_COMMON, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    flat = cut.getpalette() or []
    between = list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
    chosen: list[tuple[int, ...]] = []
    for colour in (*most, *between):
        assert isinstance(colour, tuple)  # as in every picture of more than one band
        if all(max(map(abs, map(sub, colour, other))) >= ALIKE for other in chosen):
            chosen.append(colour)
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in chosen for value in colour])
    return palette
