"""A whole wall and strangers: an edit of its site sends no login to them."""

from pathlib import Path

import pytest

from tests.support.certificates import fingerprint
from tests.support.live_wall import SiteWall, eventually
from tests.support.scripted_camera import PASSWORD, USER, Habits, scripted

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

STRANGER = "127.0.0.2"
SITE = """
schema = 1
name = "test"
[credentials]
cameras = "cameras.toml"
[[screens]]
name = "left"
width = 640
height = 360
[[sources]]
name = "open"
number = 1
main = "{open}"
credential = "cameras"
[[sources]]
name = "pinned"
number = 2
main = "{pinned}"
credential = "cameras"
fingerprint = "{fingerprint}"
[[sources]]
name = "blind"
number = 3
main = "{blind}"
credential = "cameras"
tls = "insecure"
"""


class Strangers(SiteWall):
    """A wall with findings."""

    def errors(self) -> list[str]:
        """What is wrong with its files."""
        found: list[str] = self.ask("status")["findings"]
        return [one for one in found if "warning: " not in one]


def test_no_edit_of_a_site_sends_a_login_to_a_stranger(tmp_path: Path) -> None:
    login = tmp_path / "cameras.toml"
    login.touch(0o600)
    account = f'user = "{USER}"\npassword = "{PASSWORD}"\n'
    login.write_text(f'{account}hosts = ["127.0.0.1"]\n')
    with (
        scripted(Habits(scheme="digest")) as plain,
        scripted(Habits(scheme="basic", certificate="own")) as pinned,
        scripted(Habits(scheme="digest", certificate="camera")) as blind,
        scripted(Habits(scheme="basic"), STRANGER) as stranger,
    ):
        urls = {"open": plain.url, "pinned": pinned.url, "blind": blind.url}
        written = SITE.format(**urls, fingerprint=fingerprint("own"))
        file = tmp_path / "site.toml"
        file.write_text(written)
        with Strangers(file, tmp_path) as wall:
            eventually(lambda: wall.all_live(3), 20)
            assert [tile["unproven"] for tile in wall.tiles()] == [False, False, True]
            file.write_text(written.replace(plain.url, stranger.url))
            [said] = [one for one in eventually(wall.errors, 10) if "cameras.toml" in one]
            assert f'hosts = ["127.0.0.1", "{STRANGER}"]' in said
            # who may write the login's file may say so; the password still does not go in clear
            login.write_text(f'{account}hosts = ["127.0.0.0/8"]\n')
            eventually(lambda: stranger.requests, 10)
            eventually(lambda: wall.tiles()[0]["reason"] == "login_in_clear", 10)
            assert stranger.logins() == []
