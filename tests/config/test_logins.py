"""Logins by reference: who reads them, what tells them apart, what is said where they can't be."""

import os
from pathlib import Path

import msgspec
import pytest

from tests.support.credentials import login_file, own_login
from wallctl.config import logins
from wallctl.config.command_line_login import memory_file, memory_login
from wallctl.config.logins import LoginError, stamp_of, with_own_login
from wallctl.config.site_file import load_site
from wallctl.config.source_urls import sealed, site_from_urls, split_login
from wallctl.controller.site_reader import load_apart
from wallctl.model.base.geometry import Size
from wallctl.model.site.credential import Login
from wallctl.model.site.site import Site, Stream
from wallctl.storage.file_findings import FilesError
from wallctl.supervisor.open_file_limit import close_secrets

LOGIN = Login("operator", "hunter2-of-the-gate", ("192.0.2.1",))
SITE = """
schema = 1
name = "test"

[credentials]
gate = "gate.toml"
same = "same.toml"

[[screens]]
name = "left"
width = 1920
height = 1080

[[sources]]
name = "gate"
number = 1
main = "rtsp://192.0.2.1/a"
credential = "gate"

[[sources]]
name = "yard"
number = 2
main = "rtsp://192.0.2.1/b"
credential = "same"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    for name in ("gate.toml", "same.toml"):
        login_file(tmp_path, LOGIN, name)
    (tmp_path / "site.toml").write_text(SITE)
    return tmp_path / "site.toml"


def stamps(site: Site) -> list[str]:
    found = [one.streams[0].credential for one in site.sources]
    return [one.stamp for one in found if one is not None]


def test_no_login_comes_out_of_reading_a_site(file: Path) -> None:
    site = load_apart(lambda: load_site(file))
    assert LOGIN.password.encode() not in msgspec.msgpack.encode(site)
    assert all(stream.login is None for one in site.sources for stream in one.streams)
    assert own_login(site.sources[0].streams[0]) == LOGIN


def test_equal_logins_have_equal_stamps_as_long_as_the_wall_runs(file: Path) -> None:
    first = stamps(load_apart(lambda: load_site(file)))
    assert first[0] == first[1]
    login_file(file.parent, msgspec.structs.replace(LOGIN, password="other"), "gate.toml")
    again = stamps(load_apart(lambda: load_site(file)))
    assert again[1] == first[1]
    assert again[0] != first[0]


def test_a_stamp_can_not_be_made_without_the_key_of_this_wall(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = stamp_of(LOGIN)
    monkeypatch.setattr(logins, "stamp_key", lambda: os.memfd_create("another"))
    assert stamp_of(LOGIN) != here


def test_what_is_wrong_comes_out_as_findings(file: Path) -> None:
    file.with_name("gate.toml").chmod(0o640)
    with pytest.raises(FilesError, match="open to others"):
        load_apart(lambda: load_site(file))


@pytest.mark.parametrize("content", [None, "user = 1", 'password = "hunter2-of-the-gate'])
def test_a_login_that_can_not_be_read_is_not_shown(tmp_path: Path, content: str | None) -> None:
    stream = Stream("main", "rtsp://192.0.2.1/", credential=login_file(tmp_path, LOGIN))
    path = tmp_path / "account.toml"
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    with pytest.raises(LoginError) as error:
        with_own_login(stream)
    assert "account.toml" in str(error.value)
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("password", ["p w", 'a"b\\c', "\x7f\x01é密", "", "<7>"])
def test_a_login_in_an_address_is_sealed(password: str) -> None:
    login = Login("ad min", password, ("h",))
    address = f"rtsp://ad%20min:{''.join(f'%{b:02x}' for b in password.encode())}@h:554/x?y@z"
    safe = sealed(address)
    assert safe == sealed(safe)
    bare, mark = split_login(safe)
    assert bare == "rtsp://h:554/x?y@z"
    assert mark is not None
    (source,) = load_apart(lambda: site_from_urls([safe], None, [Size(64, 64)])).sources
    assert own_login(source.streams[0]) == login
    assert source.name == "rtsp://h:554/x"


def test_a_file_has_the_login_of_all_cameras_without_one(tmp_path: Path) -> None:
    account = login_file(tmp_path, LOGIN)
    urls = ["rtsp://192.0.2.1/a", "rtsp://u:p@192.0.2.2/b", "test:bars"]
    site = site_from_urls(urls, None, [Size(64, 64)], Path(account.file))
    streams = [one.streams[0] for one in site.sources]
    assert [own_login(one) for one in streams] == [LOGIN, Login("u", "p", ("192.0.2.2",)), None]
    for name in ("none.toml", ""):
        with pytest.raises(FilesError):
            site_from_urls(urls, None, [Size(64, 64)], tmp_path / name)


def test_who_has_its_login_closes_all_others() -> None:
    pid = os.fork()
    if pid == 0:
        fd = memory_login(LOGIN)
        close_secrets()
        os._exit(memory_file(fd).exists())
    assert os.waitpid(pid, 0)[1] == 0
