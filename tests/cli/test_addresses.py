"""What a command line says of an address that was given to it: never the secret in it."""

import pytest

from tests.support.command_line import SECRET, at_home, wallctl
from wallctl.cli.run import as_root

__all__ = ["at_home"]

ADDRESSES = [
    f"rtsp://wall:{SECRET}@127.0.0.1:9/x",
    f"RTSP://127.0.0.1:9/x?_sid={SECRET}",
    f"http://127.0.0.1:9/live.flv?wsSecret={SECRET}&channel=1",
    f"rtps://wall:{SECRET}@[::1]/x",
    f"rtsp：//wall:{SECRET}@127.0.0.1/x",
    f"wall:{SECRET}@127.0.0.1/x",
    f"127.0.0.1/x?access_token={SECRET}",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "words",
    [
        *(["run"], ["check"], ["plan"], ["keycard"], ["layout", "lint"], ["status", "--control"]),
        *(["show", "--layout"], ["run", "--report"], ["send", "show", "1", "1"], ["snapshot"]),
        *(["demo"], ["no-such-verb"], ["show", "--screens"], ["calibrate", "--for"]),
        ["show", "test:bars", "--headless", "--report"],
        *(["show", "--headless", "--layout", "none"], ["--"], ["watch"], ["send", "page", "next"]),
    ],
)
def test_an_address_at_the_wrong_place_is_told_without_its_secret(
    words: list[str], address: str
) -> None:
    assert wallctl(*words, address).exit_code != 0  # wallctl() looks for the secret itself


def test_a_wall_that_runs_as_root_is_told_once() -> None:
    assert [sentence.partition(",")[0] for sentence in as_root(0)] == ["the wall runs as root"]
    assert list(as_root(1000)) == []
