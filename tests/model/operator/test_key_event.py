"""Names of keys as people write them, and a login that is never shown."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.key_names import KEYS, Modifier, key_name, normal_key_name
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Stream


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("f2", "F2"),
        (" escape ", "Esc"),
        ("q + shift+control", None),
        ("shift + control + q", "Ctrl+Shift+Q"),
        ("Ctrl+Ctrl+Q", None),
        ("Ctrl", None),
        ("PageDown", "PgDn"),
        ("Ｃｔｒｌ＋Ｆ５", "Ctrl+F5"),
        ("１", "1"),
        ("", None),
        ("F99", None),
        ("Hyper+A", None),
    ],
)
def test_one_right_spelling(written: str, name: str | None) -> None:
    assert normal_key_name(written) == name


@given(st.sampled_from(sorted(KEYS)), st.frozensets(st.sampled_from(Modifier)))
def test_every_name_is_its_own_right_spelling(key: str, modifiers: frozenset[Modifier]) -> None:
    name = key_name(key, modifiers)
    assert normal_key_name(name) == normal_key_name(name.lower()) == name


def test_a_key_event_travels_as_it_is() -> None:
    event = KeyEvent("left", "Ctrl+Shift+Q", True, 5, repeat=True)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(event), type=KeyEvent) == event


def test_a_login_is_never_shown() -> None:
    stream = Stream("main", "rtsp://192.0.2.1/main", Login("admin", "hunter2"))
    for text in (repr(stream), str(stream), f"{stream.login}"):
        assert "hunter2" not in text
        assert "admin" not in text
