"""Charts and the map: true to scale, readable, small, and the same byte for byte."""

import re
import struct
from dataclasses import replace
from datetime import date
from math import isclose, pi
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg

from reports.editions.report import MapPoint, SeriesPoint, SituationReport
from reports.rendering import fonts
from reports.rendering.charts.draw import png_charts, svg_charts
from reports.rendering.charts.furniture import LARGEST_KEY, key_people
from reports.rendering.charts.geography import THEMES, Label
from reports.rendering.charts.lines import apart, draw_displaced, draw_occupancy
from reports.rendering.charts.places import Box, Disc, Name, places, set_names
from reports.rendering.charts.projection import LARGEST, Projection, radius, round_down
from reports.rendering.charts.style import PNG_TRIES, SMALL, canvas, to_svg
from tests.reports.rendering.hostile import sparse, ugly
from tests.reports.rendering.sample import kursk

NAMES = {"map", "displaced", "occupancy"}
PAGE = Box(0, 0, 4, 4)


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", png[16:24])


@pytest.mark.parametrize("report", [kursk(), ugly()], ids=["kursk", "ugly"])
def test_pictures_for_mail_are_small_and_sharp(report: SituationReport) -> None:
    pictures = png_charts(report)
    assert set(pictures) == NAMES
    for name, picture in pictures.items():
        assert len(picture) <= 60_000, name
        assert size(picture)[0] >= 390, name


@pytest.mark.parametrize("report", [kursk(), ugly()], ids=["kursk", "ugly"])
def test_drawings_pass_a_strict_content_policy(report: SituationReport) -> None:
    for name, drawing in svg_charts(report).items():
        root = ElementTree.fromstring(drawing)
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"style", "script", "image", "foreignObject", "metadata"}, name
        attributes = {key for element in root.iter() for key in element.attrib}
        assert "style" not in attributes
        assert not re.findall(r"(?:href|src)=\"(?!#)", drawing)


def test_ids_of_two_drawings_do_not_meet() -> None:
    ids = [re.findall(r'\bid="([^"]+)"', drawing) for drawing in svg_charts(kursk()).values()]
    flat = [one for drawing in ids for one in drawing]
    assert flat
    assert len(flat) == len(set(flat))


def test_drawn_again_they_are_the_same() -> None:
    assert to_svg(draw_occupancy(kursk().series), "occupancy") == svg_charts(kursk())["occupancy"]
    assert png_charts(kursk()) == png_charts(kursk())


def test_nothing_to_show_draws_nothing() -> None:
    assert svg_charts(sparse()) == {}
    assert png_charts(sparse()) == {}


def test_days_on_which_nothing_was_reported_leave_a_gap() -> None:
    whole = kursk().series
    holed = (*whole[:3], replace(whole[3], occupied_headcount=None), *whole[4:])
    assert to_svg(draw_occupancy(holed), "o") != to_svg(draw_occupancy(whole), "o")
    nothing = [SeriesPoint(date(2024, 8, 6), 0, None, None, None)]
    assert to_svg(draw_occupancy(nothing), "o")
    assert to_svg(draw_displaced(nothing), "d")


def test_the_areas_of_circles_are_in_proportion_to_people() -> None:
    area = {people: pi * radius(people, 40_000) ** 2 for people in (10_000, 20_000, 40_000)}
    assert isclose(area[20_000], 2 * area[10_000])
    assert isclose(area[40_000], 4 * area[10_000])
    assert radius(40_000, 40_000) == LARGEST
    assert radius(0, 40_000) == 0
    assert radius(1, 40_000) > 0


def test_a_kilometre_is_as_long_to_the_north_as_to_the_east() -> None:
    points = [MapPoint("A", "A", 51.0, 34.0, 1, 0), MapPoint("B", "B", 52.0, 36.0, 1, 0)]
    projection = Projection.of(points, PAGE)
    (x1, y1), (x2, y2) = projection.place(points[0]), projection.place(points[1])
    assert isclose((y2 - y1) / projection.inches_per_km, 111.2, rel_tol=0.01)
    assert isclose((x2 - x1) / projection.inches_per_km, 2 * 111.2 * 0.6225, rel_tol=0.01)
    assert all(PAGE.left < place < PAGE.right for place in (x1, x2, y1, y2))


def test_one_region_alone_is_drawn_in_the_middle() -> None:
    point = MapPoint("A", "A", 51.0, 34.0, 1, 0)
    assert Projection.of([point], PAGE).place(point) == (2, 2)


@pytest.mark.parametrize(
    ("number", "rounded"), [(0.4, 1), (1, 1), (3, 2), (7.9, 5), (99, 50), (38_210, 20_000)]
)
def test_keys_and_scales_are_round(number: float, rounded: int) -> None:
    assert round_down(number) == rounded


@pytest.mark.parametrize("most", [1, 9, 240, 38_210, 5_000_000])
def test_the_key_to_the_circles_fits_its_strip(most: int) -> None:
    assert radius(key_people(most), most) <= LARGEST_KEY or key_people(most) == 1


def test_a_name_keeps_clear_of_other_names_and_of_the_edge() -> None:
    names = [Name(Disc(0.3, 2, 0.2), (0.8, 0.2)), Name(Disc(0.35, 1.9, 0.2), (0.8, 0.2))]
    first, second = set_names(names, PAGE)
    assert first is not None
    assert second is not None
    assert first.box.is_inside(PAGE)
    assert second.box.is_inside(PAGE)
    assert first.box.overlap(second.box) == 0


def test_a_name_that_fits_nowhere_is_left_out() -> None:
    assert set_names([Name(Disc(2, 2, 0.2), (5, 0.2))], PAGE) == [None]


def test_a_small_circle_gives_way_to_large_ones() -> None:
    small = Name(Disc(2, 2, 0.03), (0.8, 0.2))
    assert places(small, PAGE, [Disc(2, 2, 1.5)]) == []
    assert places(small, PAGE, []) != []


def test_a_name_that_lost_its_place_is_set_first_the_next_time() -> None:
    """The larger circle alone would take the only place of the smaller one."""
    page = Box(0, 0, 2, 1)
    large, small = Name(Disc(1, 0.5, 0.2), (0.5, 0.2)), Name(Disc(0.62, 0.5, 0.11), (0.45, 0.2))
    found = set_names([large, small], page)
    assert None not in found


def test_a_name_does_not_stand_nearer_to_another_circle() -> None:
    """With another circle below, the cheapest place is not the one between the two."""
    disc, other = Disc(2, 2, 0.2), Disc(3.2, 2, 0.2)
    cheapest = places(Name(disc, (0.75, 0.2)), PAGE, [other])[0]
    assert other.distance(cheapest.box) > disc.distance(cheapest.box)


@given(st.lists(st.tuples(st.floats(0.5, 3.5), st.floats(0.5, 3.5), st.floats(0.02, 0.4)), max_size=12))
def test_no_two_names_ever_meet(circles: list[tuple[float, float, float]]) -> None:
    names = [Name(Disc(*circle), (0.7, 0.2)) for circle in circles]
    boxes = [place.box for place in set_names(names, PAGE) if place is not None]
    for n, box in enumerate(boxes):
        assert box.is_inside(PAGE)
        assert all(box.overlap(other) == 0 for other in boxes[n + 1 :])


def test_labels_at_the_ends_of_lines_move_apart_and_stay_inside() -> None:
    assert apart([10, 50, 90], 5, 100) == [10, 50, 90]
    assert apart([98, 99, 100], 5, 100) == [90, 95, 100]
    assert apart([0, 0], 5, 100) == [0, 5]


def test_characters_that_no_font_has_are_replaced_and_invisible_ones_dropped() -> None:
    assert fonts.printable("Суджа, O'Brien, ≥ − ~ منطقة מחוז") == "Суджа, O'Brien, ≥ − ~ منطقة מחוז"
    assert fonts.printable("日本 \U0001f3e0") == f"{fonts.NO_GLYPH * 2} {fonts.NO_GLYPH}"
    assert fonts.printable("a\U000e0041b") == "ab"
    assert ord(fonts.NO_GLYPH) in fonts.covered()


@pytest.mark.parametrize("dots", [dots for dots, _colours in PNG_TRIES])
@pytest.mark.parametrize("name", ["Воронежская область", "місто Желєзногорськ", "Voronezh Oblast"])
def test_a_name_takes_the_room_that_was_measured_for_it(name: str, dots: int) -> None:
    """Else it is cut off at the edge of the picture, or meets another."""
    figure = canvas(4, 3)
    axes = figure.add_axes((0, 0, 1, 1))
    label = Label.of(MapPoint("A", name, 51.0, 34.0, 0, 1), THEMES[1])
    drawn = axes.text(0, 0, label.name, fontsize=SMALL)
    figure.set_dpi(dots)
    FigureCanvasAgg(figure).draw()  # type: ignore[no-untyped-call]
    assert drawn.get_window_extent().width / dots <= label.size[0] * 1.02
