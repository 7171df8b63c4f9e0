"""Who else could change a file: by its mode, its owner, its group, a folder above or a link."""

import grp
import os
import pwd
import stat
from pathlib import Path

import pytest

from wallctl.config.site_ownership import MOST_TOLD, load_guarded, read_guarded
from wallctl.storage import ownership
from wallctl.storage.file_findings import FilesError
from wallctl.storage.ownership import Judge

ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
STRANGER = 65_534
SITE = """schema = 1
name = "T"
[[screens]]
name = "s1"
width = 1280
height = 720
[[sources]]
name = "a"
number = 1
main = "test:bars"
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site that is in order, in a folder below another one."""
    folder = tmp_path / "srv" / "site"
    (folder / "presets").mkdir(parents=True)
    (folder / "site.toml").write_text(SITE)
    (folder / "presets" / "day.toml").write_text(
        'schema = 1\n[[screens]]\nscreen = "s1"\nlayout = "1x1"\ntiles = ["a"]\n'
    )
    return folder / "site.toml"


def told(site: Path, group: int | None = None) -> list[str]:
    return [str(one) for one in read_guarded(site, group).findings]


def test_a_site_that_is_its_owners_alone_is_taken(site: Path) -> None:
    assert told(site) == []
    assert load_guarded(site).name == "T"


@pytest.mark.parametrize(
    ("what", "mode"),
    [
        ("site.toml", 0o666),
        ("site.toml", 0o602),
        (".", 0o777),
        (".", 0o1777),  # others could put presets there
        ("presets", 0o777),
        ("presets", 0o1777),
        ("presets/day.toml", 0o646),
        ("..", 0o777),
    ],
)
def test_each_file_and_folder_counts(site: Path, what: str, mode: int) -> None:
    open_one = (site.parent / what).resolve()
    open_one.chmod(mode)
    [one] = told(site)
    kind = "file" if open_one.is_file() else "folder"
    is_sticky = mode & 0o1000  # nobody is to close the temporary folder of all users
    remedy = "keep its files in a folder of their own" if is_sticky else f"chmod go-w {open_one}"
    assert one == (
        f"{open_one}: found a {kind} that everybody can write to (mode {mode:04o}), "
        f"expected what only the wall's user and root can change: {remedy}"
    )
    with pytest.raises(FilesError, match="everybody"):
        load_guarded(site)
    open_one.chmod(mode & ~0o022)
    assert told(site) == []


def test_a_sticky_folder_above_is_no_fault(site: Path) -> None:
    site.parents[1].chmod(0o1777)
    assert told(site) == []


def test_all_that_is_open_is_told_at_once_and_bounded(site: Path) -> None:
    site.chmod(0o666)
    for number in range(MOST_TOLD + 5):
        preset = site.parent / "presets" / f"p{number}.toml"
        preset.write_text((site.parent / "presets" / "day.toml").read_text())
        preset.chmod(0o666)
    found = told(site)
    assert len(found) == MOST_TOLD + 1
    assert "found 6 more files that others can change" in found[-1]
    assert f"chmod -R go-w {site.parent}" in found[-1]


def test_links_are_followed_and_what_they_lead_to_is_judged(site: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "day.toml").write_text((site.parent / "presets" / "day.toml").read_text())
    link = site.parent / "presets" / "night.toml"
    link.symlink_to("../../../shared/day.toml")
    assert told(site) == []
    shared.chmod(0o777)
    assert f"{shared}: found a folder that everybody can write to" in told(site)[0]
    shared.chmod(0o755)
    (shared / "day.toml").chmod(0o666)
    assert f"{shared / 'day.toml'}: found a file" in told(site)[0]


def test_links_without_end_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    fault = Judge().exposure(tmp_path / "a" / "x")
    assert fault is not None
    assert fault.error is not None
    assert "Too many levels" in fault.found


@ROOT
@pytest.mark.parametrize("what", ["site.toml", "presets/day.toml", "presets", ".", ".."])
def test_another_owner_is_refused_whatever_the_mode(site: Path, what: str) -> None:
    given = (site.parent / what).resolve()
    os.chown(given, STRANGER, STRANGER)
    [one] = told(site)
    owner = pwd.getpwuid(STRANGER).pw_name
    assert f"of the user {owner}, expected" in one
    remedy = f"chown {pwd.getpwuid(os.getuid()).pw_name} {given}"
    elsewhere = f"run the wall as {owner}, or keep its files in a folder of their own"
    assert one.endswith(f": {remedy if given.is_file() else elsewhere}")


@ROOT
def test_a_link_of_somebody_else_is_refused(site: Path) -> None:
    link = site.parent / "presets" / "night.toml"
    link.symlink_to("day.toml")
    os.lchown(link, STRANGER, STRANGER)
    [one] = told(site)
    assert "found a link of the user" in one
    assert "chown -h " in one


class Groups:
    """Users and groups of a machine, as ``pwd`` and ``grp`` tell them."""

    def __init__(self, group: str, listed: list[str], primary: dict[str, int]) -> None:
        self.entry = grp.struct_group((group, "x", os.getgid(), listed))
        me = pwd.getpwuid(os.getuid())
        self.users = [me, *(self._user(name, gid) for name, gid in primary.items())]

    def _user(self, name: str, gid: int) -> pwd.struct_passwd:
        return pwd.struct_passwd((name, "x", 4_000_000 + len(name), gid, "", "/", "/bin/false"))

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(grp, "getgrgid", lambda _gid: self.entry)
        monkeypatch.setattr(pwd, "getpwall", lambda: self.users)


ME = pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.parametrize(
    ("group", "listed", "primary", "is_private"),
    [
        (ME, [], {}, True),  # as each user of Debian has one
        (ME, [ME], {}, True),
        (ME, ["alice"], {}, False),
        (ME, [], {"alice": os.getgid()}, False),
        ("technicians", [ME], {}, False),
        ("technicians", [], {}, False),  # a directory service need not say who is in it
    ],
)
def test_a_group_of_the_user_alone_is_nobody_else(
    site: Path,
    monkeypatch: pytest.MonkeyPatch,
    group: str,
    listed: list[str],
    primary: dict[str, int],
    is_private: bool,
) -> None:
    Groups(group, listed, primary).install(monkeypatch)
    for path in (site.parent, *site.parent.rglob("*")):  # what a checkout under umask 002 has
        path.chmod(0o775 if path.is_dir() else 0o664)
    found = told(site)
    assert (found == []) == is_private
    if not is_private:
        assert f"{site}: found a file that the group {group} can write to (mode 0664)" in found[1]
        assert f"chmod g-w {site}, or let that group" in found[1]
        assert f"--shared-group {group}" in found[1]


def test_a_group_that_nobody_knows_is_not_the_users(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.chmod(0o664)

    def unknown(number: int) -> grp.struct_group:
        raise KeyError(number)

    monkeypatch.setattr(grp, "getgrgid", unknown)
    assert f"that the group {os.getgid()} can write to" in told(site)[0]


def test_a_list_of_rights_makes_a_private_group_somebody_else(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Groups(ME, [], {}).install(monkeypatch)
    site.chmod(0o664)
    assert told(site) == []
    monkeypatch.setattr(os, "listxattr", lambda _place: ["system.posix_acl_access"])
    assert "can write to (mode 0664)" in told(site)[0]


@ROOT
def test_a_shared_group_may_change_the_site_and_nobody_else(site: Path) -> None:
    shared = grp.getgrnam("video").gr_gid
    os.chown(site.parent, 0, shared)
    site.parent.chmod(0o2775)
    os.chown(site, 0, shared)
    site.chmod(0o664)
    assert len(told(site)) == 2
    assert told(site, shared) == []
    os.chown(site, STRANGER, shared)  # of the group, but its owner is no member
    assert "of the user" in told(site, shared)[0]
    site.chmod(0o666)
    os.chown(site, 0, shared)
    assert "everybody" in told(site, shared)[0]


def test_a_member_of_the_shared_group_may_own_a_file(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = site.stat()
    given = os.stat_result((found.st_mode, 1, 1, 1, STRANGER, 4_000_000, *found[6:]))
    judge = Judge(4_000_000)
    monkeypatch.setattr(ownership, "_is_member", lambda user, group: (user, group) == (1, 2))
    assert judge.fault(site, given) is not None
    judge = Judge(4_000_000)
    monkeypatch.setattr(ownership, "_is_member", lambda user, group: user == STRANGER)
    assert judge.fault(site, given) is None


def test_sounds_fonts_and_what_tls_needs_belong_to_the_site(site: Path) -> None:
    for name in ("bell.wav", "own.ttf", "cameras.pem"):
        (site.parent / name).touch()
        (site.parent / name).chmod(0o666)
    text = SITE.replace("[[screens]]", '[defaults]\nfont = "own.ttf"\n[[screens]]')
    text = text.replace("test:bars", 'rtsps://192.0.2.1/a"\nca = "cameras.pem')
    site.write_text(f'{text}[[alarms]]\nname = "x"\nsource = "a"\nsound = "bell.wav"\n')
    found = [one for one in told(site) if "everybody" in one]
    names = {one.partition(":")[0].rpartition("/")[2] for one in found}
    assert names == {"own.ttf", "bell.wav", "cameras.pem"}


def test_nobody_is_told_to_change_a_device(site: Path) -> None:
    site.write_text(SITE.replace("[[screens]]", '[defaults]\nfont = "/dev/zero"\n[[screens]]'))
    assert not [one for one in told(site) if "chmod" in one]


def test_a_path_is_typed_as_a_shell_reads_it(tmp_path: Path) -> None:
    odd = tmp_path / "a b; rm"
    odd.touch()
    odd.chmod(0o666)
    fault = Judge().exposure(odd)
    assert fault is not None
    assert fault.remedy == f"chmod go-w '{odd}'"
    assert stat.S_IMODE(odd.stat().st_mode) == 0o666
