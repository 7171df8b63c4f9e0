"""Small sites for tests, made of values alone."""

import msgspec

from wallctl.model.base.geometry import Rect
from wallctl.model.site.alarm import Alarm, AlarmColour, AlarmPlace
from wallctl.model.site.layout import Cell, Layout, grid
from wallctl.model.site.site import (
    Group,
    Preset,
    PresetScreen,
    Screen,
    Site,
    Source,
    Stream,
    TileSource,
    Tour,
    TourPage,
)
from wallctl.model.streams.health import SECOND_NS

ONE_PLUS_FIVE = Layout(
    "1+5",
    "一大五小",
    "1 large + 5",
    3,
    3,
    (Cell(0, 0, 2, 2), Cell(2, 0), Cell(2, 1), Cell(0, 2), Cell(1, 2), Cell(2, 2)),
)
LAYOUTS = {
    layout.name: layout
    for layout in (
        *(grid(n, n, f"{n * n}画面", f"{n}x{n} grid") for n in (1, 2, 3, 4)),
        ONE_PLUS_FIVE,
    )
}

_LEFT = (AlarmPlace("left"),)
_TILES = (AlarmPlace("right", 1), AlarmPlace("right", 2))
GATE = Alarm("大门", "摄像机3", _LEFT, text="有人", text_en="somebody there")
FIRE = Alarm("火警", "摄像机5", _LEFT, priority=9, hold_ns=None, colour=AlarmColour.ORANGE)
DOOR = Alarm("后门", "摄像机7", _TILES, hold_ns=60 * SECOND_NS)
FENCE = Alarm("围墙", "摄像机8", _TILES)
YARD = Alarm("院子", "摄像机9", _TILES, priority=1)


def source(number: int, *, main: bool = True) -> Source:
    """Source number N is called 摄像机N."""
    sub = Stream("sub", f"rtsp://192.0.2.{number}/sub")
    streams = (Stream("main", f"rtsp://192.0.2.{number}/main"), sub) if main else (sub,)
    return Source(f"摄像机{number}", number, streams)


def source_of_three(number: int, connections: int) -> Source:
    """Source number N with three sizes, and how many of them its camera bears at once."""
    streams = (Stream(name, f"rtsp://192.0.2.{number}/{name}") for name in ("main", "sub", "third"))
    return Source(f"摄像机{number}", number, tuple(streams), connections=connections)


def site(sources: int = 14, screens: int = 1) -> Site:
    """Sources 1..N on 4x4; further screens begin empty at 2x2."""
    all_sources = tuple(source(i + 1) for i in range(sources))
    names = ("left", "right", "third")[:screens]
    home = PresetScreen("left", "4x4", tuple(s.name for s in all_sources))
    others = tuple(PresetScreen(name, "2x2", ()) for name in names[1:])
    corner = Preset("路口", (PresetScreen("left", "2x2", ("摄像机3", None, "摄像机1")),))
    return Site(
        name="测试",
        screens=tuple(Screen(name, Rect(i * 1920, 0, 1920, 1080)) for i, name in enumerate(names)),
        sources=all_sources,
        layouts=LAYOUTS,
        layout_keys=("1x1", "2x2", "3x3", "4x4", "1+5"),
        home=(home, *others),
        presets=(corner,),
    )


def toured(sources: int = 14, screens: int = 2) -> Site:
    """The same with tours: 全墙 over all screens, 左轮 of three pages on the left screen (the
    second 5 s, the others 10 s), and 单窗 through tile 2 of the left screen; and with the groups
    河道 of three sources and 全部 of all."""
    of = site(sources, screens)
    names = [one.name for one in of.sources]
    left = tuple(
        TourPage(seconds * SECOND_NS, (PresetScreen("left", "2x2", tuple(names[i : i + 4])),))
        for seconds, i in ((10, 0), (5, 4), (10, 8))
    )
    every = tuple(
        TourPage(
            10 * SECOND_NS,
            tuple(PresetScreen(one.name, "1x1", (name,)) for one in of.screens),
        )
        for name in names[:2]
    )
    single = tuple(
        TourPage(10 * SECOND_NS, tiles=(TileSource("left", 1, name),)) for name in names[5:8]
    )
    tours = (
        Tour("左轮", left, "左屏轮巡", "Left tour"),
        Tour("全墙", every),
        Tour("单窗", single, skip_dead=True),
    )
    groups = (Group("河道", tuple(names[9:12]), "河道", "River"), Group("全部", tuple(names)))
    return msgspec.structs.replace(of, groups=groups, tours=tours)


def alarmed() -> Site:
    """The site with tours, and with alarms: on the left screen 大门 and, above it, 火警; in the
    first two tiles of the right one 后门, 围墙 and the lesser 院子."""
    return msgspec.structs.replace(toured(), alarms=(GATE, FIRE, DOOR, FENCE, YARD))
