"""What a wall is made of, down to the libraries inside of wheels."""

import json

from tests.support.command_line import wallctl as run
from wallctl import __version__
from wallctl.cli.packages import DISTRIBUTION, Library, Package, bill_of_materials, installed


def test_each_package_and_its_inner_libraries_are_named() -> None:
    found = {one.name: one for one in installed()}
    assert {DISTRIBUTION, "av", "numpy", "pyzmq", "pyglet", "msgspec", "pillow"} <= found.keys()
    assert "pytest" not in found, "developers' tools are no part of a wall"
    inner = {one.name: one.version for one in found["av"].libraries}
    assert {"libavcodec", "libavformat", "libavutil"} <= inner.keys()
    assert all(version[0].isdigit() for version in (inner["libavcodec"], found["av"].version))
    assert found["av"].license
    assert "libzmq" in {one.name for one in found["pyzmq"].libraries}


def test_the_bill_of_materials_is_cyclonedx() -> None:
    package = Package("a-b", "1.2", "MIT", (Library("libc", "3"),))
    assert bill_of_materials([package]) == {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "components": [
            {
                "type": "library",
                "name": "a-b",
                "version": "1.2",
                "purl": "pkg:pypi/a-b@1.2",
                "licenses": [{"license": {"name": "MIT"}}],
                "components": [{"type": "library", "name": "libc", "version": "3"}],
            }
        ],
    }


def test_version_tells_little_or_all() -> None:
    assert run("version").output == f"wallctl {__version__}\n"
    whole = run("version", "--all").output
    assert "\nav " in whole
    assert "\n    libavcodec " in whole
    named = {one["name"] for one in json.loads(run("version", "--json").output)["components"]}
    assert "av" in named
