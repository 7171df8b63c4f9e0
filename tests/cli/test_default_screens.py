"""The screens of a wall that has no site file: sizes asked for, or the display's outputs."""

import click
import pytest

from wallctl.cli.default_screens import (
    HEADLESS,
    Sizes,
    chosen_outputs,
    chosen_sizes,
    hung,
    separate,
)
from wallctl.config.source_urls import site_from_urls
from wallctl.display.output_choice import Output
from wallctl.model.base.geometry import Rect, Size


@pytest.fixture(autouse=True)
def _no_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("1920x1080", (Size(1920, 1080),)),
        ("1920X1080, 1280x720", (Size(1920, 1080), Size(1280, 720))),
        (" 3840x2160 ", (Size(3840, 2160),)),
        ("10x10", (Size(10, 10),)),
    ],
)
def test_sizes(text: str, sizes: tuple[Size, ...]) -> None:
    assert Sizes().convert(text, None, None) == sizes


@pytest.mark.parametrize(
    "text", ["", "1920", "1920x", "x1080", "0x0", "1921x1080", "1920x1081", "1920x1080,", "-2x4",
             "1920x1080;1280x720", "1e3x1080", "١٩٢٠x١٠٨٠", "1920x108000", "2x2"]
)  # fmt: skip
def test_what_is_no_list_of_sizes(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no list of even sizes"):
        Sizes().convert(text, None, None)


def test_without_a_display_there_is_one_screen() -> None:
    assert chosen_outputs(None, headless=False) == ()
    assert chosen_outputs(None, headless=True) == ()
    assert chosen_sizes(None, ()) == (HEADLESS,)
    assert chosen_sizes((Size(2, 4),), ()) == (Size(2, 4),)


def test_screens_stand_where_their_outputs_are() -> None:
    above = Output("DP-1", 0, 0, 1366, 768, 60.0)
    below = Output("HDMI-1", 101, 768, 1921, 1081, 50.0)
    outputs = separate([below, above])
    site = site_from_urls(["test:bars"], None, chosen_sizes(None, outputs))
    screens = hung(site, outputs).screens
    assert [(one.name, one.output, one.rect) for one in screens] == [
        ("screen1", "DP-1", Rect(0, 0, 1366, 768)),
        ("screen2", "HDMI-1", Rect(100, 768, 1920, 1080)),
    ]
    assert hung(site, ()) == site


def test_mirrored_outputs_are_one_screen() -> None:
    outputs = [
        Output("eDP-1", 0, 0, 1280, 720, 60.0),
        Output("HDMI-1", 0, 0, 1920, 1080, 50.0),
        Output("HDMI-2", 0, 0, 1920, 1080, 50.0),
        Output("DP-1", 1920, 0, 1920, 1080, 50.0),
    ]
    assert [one.name for one in separate(outputs)] == ["HDMI-1", "DP-1"]


def test_outputs_without_names_of_their_own_are_told_apart_by_position() -> None:
    outputs = tuple(Output("Unknown", x, 0, 640, 480, 50.0) for x in (0, 640))
    site = hung(site_from_urls(["test:bars"], None, chosen_sizes(None, outputs)), outputs)
    assert [(one.output, one.rect.x) for one in site.screens] == [(None, 0), (None, 640)]
