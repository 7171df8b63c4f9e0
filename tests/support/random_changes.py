"""Whatever anybody may ask of a wall, at random, and what must hold whatever is asked."""

import msgspec
from hypothesis import strategies as st

from tests.support.sites import toured
from wallctl.model.base.geometry import Size
from wallctl.model.base.language import Language
from wallctl.model.site.site import Broadcast
from wallctl.model.wall.commands import command as c
from wallctl.model.wall.scene.scene import resolve
from wallctl.model.wall.state.lookup import visible
from wallctl.model.wall.state.state import BACK_DEPTH, WallState, restored

SITE = msgspec.structs.replace(
    toured(),
    broadcasts=(Broadcast("门户", "rtsp://192.0.2.99/wall", Size(960, 540), 12.5, 2000),),
)
NAMES = [s.name for s in SITE.sources]
tiles = st.builds(
    c.TileRef, st.integers(1, 17), st.sampled_from([None, "left", "right", "nowhere"])
)
screens = st.sampled_from([None, "left", "right", "nowhere"])
changes = st.one_of(
    st.builds(c.SetLayout, st.sampled_from([*SITE.layouts, "9x9"]), screens),
    st.builds(c.ShowPreset, st.sampled_from(["路口", "unknown"])),
    st.builds(c.ShowGroup, st.sampled_from(["河道", "unknown"]), screens),
    st.builds(c.GoHome),
    st.builds(c.Show, st.sampled_from([*NAMES, "3", "99"]), st.none() | tiles),
    st.builds(c.Clear, tiles),
    st.builds(c.Swap, tiles, tiles),
    st.builds(c.Enlarge, st.none() | tiles),
    st.builds(c.Restore, screens),
    st.builds(c.Page, st.sampled_from(["next", "previous"]), screens),
    st.builds(c.Select, tiles),
    st.builds(c.Move, st.sampled_from(c.Direction)),
    st.builds(c.Back),
    st.builds(c.SetZoom, st.floats(0, 9), st.none() | tiles, st.floats(0, 1), st.floats(0, 1)),
    st.builds(c.Blank, screens),
    st.builds(c.Blank, st.none(), tiles),
    st.builds(c.Blank, source=st.sampled_from(["3", "99"])),
    st.builds(c.Unblank, source=st.sampled_from(["3", "99"])),
    st.builds(c.Unblank, screens),
    st.builds(c.Help, st.none() | st.booleans()),
    st.builds(c.Info, st.none() | st.booleans()),
    st.builds(c.Health, st.none() | st.booleans()),
    st.builds(c.Release, st.none() | st.integers(1, 30)),
    st.builds(c.Lock, st.none() | tiles),
    st.builds(c.Unlock, st.none() | tiles),
    st.builds(
        c.SteerTour, st.none() | st.sampled_from(c.TourTo), st.sampled_from([None, "左轮", "全墙"])
    ),
    st.builds(c.SetLanguage, st.sampled_from(Language)),
    st.builds(c.SetBroadcast, st.sampled_from(["门户", "x"]), st.none() | st.booleans()),
)
NO_WAY_BACK = (c.Back, c.Release, c.SteerTour, c.Restore)
"""What is over stays over; a tour is turned and ended for good; what was large and is not any more
is passed over."""


def check_invariants(state: WallState) -> None:
    """That the lists, the selection and the way back of a wall of ``SITE`` are sound."""
    for name, screen in state.screens.items():
        assert screen.layout in SITE.layouts
        assert screen.first % SITE.layouts[screen.layout].count == 0 or screen.first == 0
        listed = [n for n in screen.order if n is not None]
        assert all(n in NAMES for n in listed), name
        assert len(listed) == len(set(listed)), "no source is twice on a screen's list"
    assert restored(state, SITE).screens == state.base, "a start changes nothing"
    assert visible(state, SITE) == state.selected, "the selection is always on the wall"
    assert len(state.past) <= BACK_DEPTH
    scene = resolve(state, SITE)
    assert sum(tile.selected for screen in scene for tile in screen.tiles) == 1
