"""The kept calibration: what was measured comes back, and nothing else ever does."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallctl.config.speeds_file import Calibration, Measured, load_speeds, save_speeds, speeds_path
from wallctl.model.planning.cost_model import TYPICAL, Speeds

COSTS = st.floats(0, 1e6, allow_nan=False)
SPEEDS = st.builds(Speeds, *[COSTS] * len(Speeds.__struct_fields__))
HERE = Measured("A Processor @ 2 GHz", 2, "8.1.2")
KEPT = Calibration(1, HERE, "2026-11-24", TYPICAL)


@given(SPEEDS)
def test_speeds_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, speeds: Speeds
) -> None:
    path = tmp_path_factory.getbasetemp() / "round" / "speeds.json"
    kept = msgspec.structs.replace(KEPT, speeds=speeds)
    save_speeds(path, kept)
    assert load_speeds(path, HERE) == kept


def test_each_machine_and_each_libav_has_a_file_of_its_own(tmp_path: Path) -> None:
    others = [
        msgspec.structs.replace(HERE, cpu="Another"),
        msgspec.structs.replace(HERE, cores=4),
        msgspec.structs.replace(HERE, libav="9.0"),
    ]
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    paths = {speeds_path(of, environ) for of in (HERE, *others)}
    assert len(paths) == 4
    assert {path.parent for path in paths} == {tmp_path / "wallctl"}


def test_what_was_never_measured_is_not_there(tmp_path: Path) -> None:
    assert load_speeds(tmp_path / "none.json", HERE) is None
    assert load_speeds(tmp_path, HERE) is None


def test_another_machine_s_file_under_this_name_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "speeds.json"
    save_speeds(path, KEPT)
    assert load_speeds(path, msgspec.structs.replace(HERE, cores=4)) is None


@given(st.binary(max_size=200))
def test_any_bytes_are_at_worst_not_calibrated(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.json"
    path.write_bytes(content)
    assert load_speeds(path, HERE) is None


@given(st.integers(0, 2000), st.integers(1, 255))
def test_a_damaged_file_is_not_calibrated_or_still_sound(
    tmp_path_factory: pytest.TempPathFactory, at: int, change: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.json"
    save_speeds(path, KEPT)
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= change
    path.write_bytes(content)
    found = load_speeds(path, HERE)
    assert found is None or found.of == HERE


@pytest.mark.parametrize(
    "wrong",
    [
        {"schema": 2},
        {"speeds": {"packet_ms": 1.0}},
        {"speeds": msgspec.structs.asdict(TYPICAL) | {"pass_ms": -1.0}},
    ],
)
def test_a_file_of_another_form_or_with_impossible_costs_is_not_believed(
    tmp_path: Path, wrong: dict[str, object]
) -> None:
    path = tmp_path / "speeds.json"
    path.write_bytes(msgspec.json.encode(msgspec.to_builtins(KEPT) | wrong))
    assert load_speeds(path, HERE) is None
