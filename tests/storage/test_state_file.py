"""The kept state: whole or absent, private, and never in the way of a start."""

import errno
import stat
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from wallctl.model.base.unicode_rules import on_one_line
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.state.blanking import Blanked, Target
from wallctl.model.wall.state.screen_state import ScreenState, Selection
from wallctl.model.wall.state.state import Locks, WallState
from wallctl.storage.state_file import (
    LARGEST_BYTES,
    ROOM_BYTES,
    Fate,
    Kept,
    KeptFor,
    copy_of,
    read_kept,
    save_state,
    state_folder,
)

NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(on_one_line)
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
    blanked=st.lists(st.builds(Blanked, TARGETS, st.sampled_from(Role), NAMES), max_size=3).map(
        tuple
    ),
    revision=st.integers(0, 2**40),
    known=st.frozensets(NAMES, max_size=3),
)
STATE = WallState({"left": ScreenState("2x2", ("文化广场", None))}, Selection("left", 0))


OF = KeptFor("街道中心", "/srv/site/site.toml")


def locked(screen: str = "left") -> WallState:
    """A state that must not be lost."""
    hidden = (Blanked(Target(source="东门"), Role.OFFICER, "检修"),)
    return replace(STATE, blanked=hidden, locks=Locks(True, frozenset({Selection(screen, 2)})))


@given(STATES)
def test_a_state_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, state: WallState
) -> None:
    path = tmp_path_factory.getbasetemp() / "round" / "state.json"
    save_state(path, state, OF)
    kept = read_kept(path)
    assert (kept.fate, kept.state, kept.of, kept.why) == (Fate.WHOLE, state, OF, "")


def test_a_kept_state_is_private_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "state.json"
    for number in (1, 2):
        save_state(path, STATE, OF)
        assert read_kept(path).number == number
    assert {one.name for one in path.parent.iterdir()} == {"state.json", "state.json.copy"}
    for one in (path, copy_of(path)):
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
        assert one.stat().st_size == ROOM_BYTES


def test_a_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"[Ee]xists|directory"):
        save_state(tmp_path / "file" / "state.json", STATE, OF)


def test_no_state_was_kept(tmp_path: Path) -> None:
    assert read_kept(tmp_path / "state.json") == Kept(Fate.NONE)


BROKEN = {
    "empty": b"",
    "cut off": b'{"schema":2,"state":{"screens"',
    "not UTF-8": b'{"schema":2,"state":"\xff"}',
    "of another shape": b'{"schema":1,"state":{"screens":[],"selected":3}}',
    "nested": b'{"schema":2,"x":' + b"[" * 100_000,
    "too large": b" " * (LARGEST_BYTES + 1),
    "a number": b"2",
    "no checksum": b'{"schema":2,"state":{"base":{},"selected":{"screen":"","index":0}}}',
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_state_is_found_out_and_set_aside_by_the_next(
    content: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(content)
    kept = read_kept(path)
    assert (kept.fate, kept.state) == (Fate.UNUSABLE, None)
    assert kept.why
    assert path.read_bytes() == content, "reading changes nothing"
    save_state(path, STATE, OF)
    assert read_kept(path).state == STATE
    assert (tmp_path / "state.json.broken").read_bytes() == content


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("is_copy", [False, True])
def test_one_broken_file_costs_nothing(content: bytes, is_copy: bool, tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    save_state(path, locked(), OF)
    (copy_of(path) if is_copy else path).write_bytes(content)
    kept = read_kept(path)
    assert (kept.fate, kept.state, kept.of) == (Fate.REPAIRED, locked(), OF)
    assert kept.why
    save_state(path, STATE, OF)
    assert (read_kept(path).fate, read_kept(path).state) == (Fate.WHOLE, STATE)


def test_no_bit_that_flips_is_taken_with_another_meaning(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    save_state(path, locked(), OF)
    copy_of(path).unlink()
    content = path.read_bytes()
    length = len(content.rstrip())
    for at in range(length):
        for bit in (1, 4, 32):
            path.write_bytes(content[:at] + bytes([content[at] ^ bit]) + content[at + 1 :])
            kept = read_kept(path)
            assert kept.state in (None, locked()) or kept.why
            if kept.state is not None:
                assert (kept.state.blanked, kept.state.locks) == (locked().blanked, locked().locks)


def test_of_a_newer_form_what_is_hidden_and_locked_is_used(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    text = msgspec.json.encode(
        {"schema": 3, "of": OF, "state": {"newer": 1} | msgspec.to_builtins(locked())}
    )
    path.write_bytes(text)
    kept = read_kept(path)
    assert kept.fate is Fate.HIDDEN_ONLY
    assert kept.state is not None
    assert (kept.state.blanked, kept.state.locks) == (locked().blanked, locked().locks)
    assert (kept.of, kept.state.base) == (OF, {})


def test_of_an_older_form_all_is_used_and_that_it_had_no_checksum_is_told(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_bytes(b'{"schema":1,"state":%b}' % msgspec.json.encode(locked()))
    kept = read_kept(path)
    assert (kept.fate, kept.state) == (Fate.WHOLE, locked())
    assert "without a checksum" in kept.why


def test_the_newer_of_two_sound_files_counts(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    save_state(path, STATE, OF)
    old = path.read_bytes()
    save_state(path, locked(), OF)
    for one in (path, copy_of(path)):
        new = one.read_bytes()
        one.write_bytes(old)
        assert read_kept(path).state == locked()
        one.write_bytes(new)


def test_a_full_disk_still_takes_what_is_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"
    save_state(path, STATE, OF)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("wallctl.storage.state_file.write_whole", full)
    save_state(path, locked(), OF)
    assert (read_kept(path).fate, read_kept(path).state) == (Fate.WHOLE, locked())
    for one in (path, copy_of(path)):
        with pytest.raises(OSError, match="No space"):
            save_state(tmp_path / "new.json", locked(), OF)
        assert one.exists()
    large = replace(STATE, known=frozenset(f"{n:04}" for n in range(3000)))
    with pytest.raises(OSError, match="No space"):
        save_state(path, large, OF)
    assert read_kept(path).state == locked(), "what does not fit leaves the old one"


def test_a_state_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.mkdir()
    kept = read_kept(path)
    assert kept.fate is Fate.UNUSABLE
    assert "can't be read" in kept.why


@pytest.mark.parametrize("environ", [{}, {"XDG_STATE_HOME": ""}, {"XDG_STATE_HOME": "relative"}])
def test_the_usual_folder(environ: dict[str, str]) -> None:
    assert state_folder(environ) == Path.home() / ".local" / "state" / "wallctl"


@pytest.mark.parametrize(
    "reason", ["a\nb", "a\x85b", "a\u2029b", "\x1b]52;c;eA==\x07", "\u202eb", "x" + "\u0335" * 99]
)
def test_a_text_that_an_older_version_let_in_is_cleaned(tmp_path: Path, reason: str) -> None:
    path = tmp_path / "state.json"
    hidden = Blanked(Target(source="后门"), Role.OFFICER, reason)
    save_state(path, replace(STATE, blanked=(hidden,)), OF)
    kept = read_kept(path)
    assert (kept.fate, kept.why) == (Fate.WHOLE, "")
    assert kept.state is not None
    (found,) = kept.state.blanked
    assert found == replace(hidden, reason=on_one_line(reason))
    assert found != hidden
