"""The kept state: whole or absent, private, and never in the way of a start."""

import logging
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.files.state_file import LARGEST_BYTES, load_state, save_state, state_path
from wallctl.model.lease import Holder
from wallctl.model.placement import ScreenState, Selection
from wallctl.model.privacy import Blanked, Target
from wallctl.model.state import Locks, WallState

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCREENS = st.dictionaries(
    NAMES,
    st.builds(
        ScreenState,
        NAMES,
        st.lists(st.none() | NAMES, max_size=4).map(tuple),
        st.integers(0, 99),
        st.none() | st.integers(0, 99),
    ),
    max_size=3,
)
TARGETS = st.one_of(
    st.builds(Target, NAMES, st.none() | st.integers(0, 99)), st.builds(Target, source=NAMES)
)
STATES = st.builds(
    WallState,
    SCREENS,
    st.builds(Selection, NAMES, st.integers(0, 99)),
    locks=st.builds(
        Locks, st.booleans(), st.frozensets(st.builds(Selection, NAMES, st.integers(0, 99)))
    ),
    blanked=st.lists(st.builds(Blanked, TARGETS, st.sampled_from(Holder), NAMES), max_size=3).map(
        tuple
    ),
    revision=st.integers(0, 2**40),
    known=st.frozensets(NAMES, max_size=3),
)
STATE = WallState({"left": ScreenState("2x2", ("文化广场", None))}, Selection("left", 0))


@given(STATES)
def test_a_state_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, state: WallState
) -> None:
    path = tmp_path_factory.getbasetemp() / "round" / "state.json"
    save_state(path, state)
    assert load_state(path) == state


def test_a_kept_state_is_private_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "state.json"
    save_state(path, STATE)
    save_state(path, STATE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["state.json"]


def test_a_failed_save_leaves_the_old_state(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        save_state(path, STATE)
    assert [one.name for one in tmp_path.iterdir()] == ["state.json"]


def test_no_state_was_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert load_state(tmp_path / "state.json") is None
    assert caplog.messages == []


BROKEN = {
    "empty": b"",
    "cut off": b'{"schema":1,"state":{"screens"',
    "not UTF-8": b'{"schema":1,"state":"\xff"}',
    "of tomorrow": b'{"schema":2,"state":{}}',
    "of another shape": b'{"schema":1,"state":{"screens":[],"selected":3}}',
    "nested": b'{"schema":1,"x":' + b"[" * 100_000,
    "too large": b" " * (LARGEST_BYTES + 1),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_state_is_moved_aside_and_told(
    content: bytes, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert load_state(path) is None
    assert not path.exists()
    assert (tmp_path / "state.json.broken").read_bytes() == content
    (message,) = caplog.messages
    assert "starting at home" in message


def test_a_state_that_can_not_be_read_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "state.json"
    path.mkdir()
    assert load_state(path) is None
    assert "can't be read" in caplog.text


def test_each_site_file_has_a_state_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    one = state_path(tmp_path / "a" / "site.toml", environ)
    other = state_path(tmp_path / "b" / "a" / "site.toml", environ)
    assert one.parent == other.parent == tmp_path / "wallctl"
    assert one != other
    assert one.name.startswith("a-")
    monkeypatch.chdir(tmp_path)
    assert state_path(Path("a/site.toml"), environ) == one


@pytest.mark.parametrize("environ", [{}, {"XDG_STATE_HOME": ""}, {"XDG_STATE_HOME": "relative"}])
def test_the_usual_folder(environ: dict[str, str]) -> None:
    folder = state_path(Path("site.toml"), environ).parent
    assert folder == Path.home() / ".local" / "state" / "wallctl"
