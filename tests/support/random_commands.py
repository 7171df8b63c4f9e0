"""Commands at random, whether they mean anything to a wall or not."""

from hypothesis import strategies as st

from wallctl.model.base.unicode_rules import spelled
from wallctl.model.wall.commands import command as c

WRITABLE = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"])
NAMES = st.text(WRITABLE, min_size=1, max_size=20).map(spelled).filter(bool)
"""Names as they are kept; others come back in this form."""
TILES = st.builds(c.TileRef, st.integers(1, 9999), st.none() | NAMES)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
COMMANDS = st.one_of(
    st.builds(c.SetLayout, NAMES, st.none() | NAMES),
    st.builds(c.ShowPreset, NAMES),
    st.builds(c.Show, NAMES, st.none() | TILES),
    st.builds(c.Clear, TILES),
    st.builds(c.Swap, TILES, TILES),
    st.builds(c.Enlarge, st.none() | TILES),
    st.builds(c.Page, st.sampled_from(["next", "previous"]), st.none() | NAMES),
    st.builds(c.Select, TILES),
    st.builds(c.Move, st.sampled_from(c.Direction)),
    st.builds(c.Help, st.none() | st.booleans()),
    st.builds(c.Info, st.none() | st.booleans()),
    st.builds(c.Health, st.none() | st.booleans()),
    st.builds(c.Release, st.none() | st.integers(0, 999_999_999)),
    st.builds(
        c.Snapshot,
        st.none() | NAMES,
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.none() | TILES,
    ),
    st.builds(c.SetBroadcast, NAMES, st.none() | st.booleans()),
    st.builds(c.Restore, st.none() | NAMES),
    st.builds(c.SetZoom, FLOATS, st.none() | TILES, FLOATS, FLOATS),
    st.builds(
        c.Blank, st.none() | NAMES, st.none() | TILES, st.none() | NAMES, NAMES | st.just("")
    ),
    st.builds(c.Unblank, st.none() | NAMES, st.none() | TILES, st.none() | NAMES),
    *(st.builds(kind) for kind in (c.GoHome, c.Back, c.Quit, c.Status, c.List, c.Hello)),
)
