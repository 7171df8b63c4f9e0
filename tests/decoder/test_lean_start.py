"""What a wall without web sources does not load."""

import subprocess
import sys

import pytest

HEAVY = ("ssl", "http.client", "email")
LOADED = f"""
import sys
import wallctl.cli.run
from wallctl.media.sources.kinds import load_for
from wallctl.model.site.site import Stream
load_for([Stream("main", one) for one in sys.argv[1:]])
print(*[one for one in {HEAVY} if one in sys.modules])
"""


@pytest.mark.parametrize(
    ("addresses", "loaded"),
    [
        (["rtsp://10.0.0.1/1", "/clips/gate.mp4", "test:bars", "udp://239.0.0.1:5000"], []),
        (["rtsp://10.0.0.1/1", "rtsps://10.0.0.1/1"], ["ssl"]),
        (["http://10.0.0.1/snapshot.jpg"], ["ssl", "http.client", "email"]),
    ],
)
def test_libraries_are_loaded_for_those_who_need_them(
    addresses: list[str], loaded: list[str]
) -> None:
    said = subprocess.run(
        [sys.executable, "-c", LOADED, *addresses], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == loaded
