"""EDIDs as bytes become monitors with a text, and garbled ones become none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.edids import NAME, SERIAL, edid_block
from wallctl.model.site.edid import Edid, parse_edid

DELL = edid_block("DEL", 0xA0B1, 77, ((SERIAL, "12345678"), (NAME, "DELL U2412M")))


def test_a_monitor_is_told_by_maker_product_serial_and_name() -> None:
    edid = parse_edid(DELL)
    assert edid == Edid("DEL", 0xA0B1, "12345678", "DELL U2412M")
    assert str(edid) == "DEL-A0B1-12345678 DELL U2412M"


def test_blocks_behind_the_first_change_nothing() -> None:
    assert parse_edid(DELL + bytes(128)) == parse_edid(DELL)


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (edid_block("DEL", 0xA0B1, 77), "DEL-A0B1-77"),
        (edid_block("SAM", 0x000C), "SAM-000C"),
        (edid_block("SAM", 12, texts=((NAME, "SyncMaster 99"),)), "SAM-000C SyncMaster 99"),
        (edid_block("SAM", 12, texts=((NAME, " a\x1b[2J\tb  "),)), "SAM-000C a [2J b"),
    ],
)
def test_what_a_monitor_does_not_tell_is_left_out(block: bytes, text: str) -> None:
    assert str(parse_edid(block)) == text


@pytest.mark.parametrize(
    "block", [b"", DELL[:127], bytes(128), DELL[:127] + bytes((DELL[127] ^ 1,)), DELL[::-1]]
)
def test_what_is_no_edid(block: bytes) -> None:
    assert parse_edid(block) is None


@given(st.binary(min_size=119, max_size=119))
def test_any_block_with_a_right_checksum_is_a_monitor_that_answers_to_its_text(
    rest: bytes,
) -> None:
    block = DELL[:8] + rest
    edid = parse_edid(block + bytes((-sum(block) % 256,)))
    assert edid is not None
    assert edid.answers_to(str(edid))
    assert str(edid).isprintable()


@pytest.mark.parametrize(
    "wanted",
    ["DEL-A0B1-12345678 DELL U2412M", "DEL-A0B1-12345678", "DELL U2412M", "12345678",
     " dell u2412m "],
)  # fmt: skip
def test_a_monitor_answers_to_its_whole_text_its_name_and_its_serial(wanted: str) -> None:
    edid = parse_edid(DELL)
    assert edid is not None
    assert edid.answers_to(wanted)


@pytest.mark.parametrize("wanted", ["", "DEL", "DEL-A0B1", "U2412M", "1234", "77"])
def test_a_monitor_does_not_answer_to_less(wanted: str) -> None:
    edid = parse_edid(DELL)
    assert edid is not None
    assert not edid.answers_to(wanted)
    assert not Edid("SAM", 12).answers_to("")
