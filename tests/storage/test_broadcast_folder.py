"""A broadcast writes into a folder of its own, and touches nothing that it did not write."""

import os
import stat
from pathlib import Path

import pytest

from wallctl.config.site_file import check_site
from wallctl.storage.broadcast_folder import PIECES, BroadcastFolder, FolderError, folder_fault

NOTE = ".wall.m3u8.wallctl"


@pytest.fixture
def playlist(tmp_path: Path) -> Path:
    return tmp_path / "web" / "hls" / "wall.m3u8"


def put(folder: BroadcastFolder, name: str, content: bytes = b"new") -> None:
    with folder.open(f"shelf:/{name}") as file:
        file.write(content)


def names(playlist: Path) -> set[str]:
    return {one.name for one in playlist.parent.iterdir()}


@pytest.mark.parametrize("umask", [0o000, 0o077])
def test_a_new_folder_is_for_a_web_server_to_read_and_nobody_to_write(
    playlist: Path, umask: int
) -> None:
    before = os.umask(umask)
    try:
        folder = BroadcastFolder(playlist)
        put(folder, "wall-1.ts")
        put(folder, "wall.m3u8")
    finally:
        os.umask(before)
    assert stat.S_IMODE(playlist.parent.stat().st_mode) == 0o755
    for name in ("wall-1.ts", "wall.m3u8", NOTE):
        assert stat.S_IMODE((playlist.parent / name).stat().st_mode) == 0o644
    folder.close()


def test_a_file_appears_when_it_is_whole(playlist: Path) -> None:
    folder = BroadcastFolder(playlist)
    with folder.open("shelf:/wall-1.ts") as file:
        file.write(b"half")
        assert not (playlist.parent / "wall-1.ts").exists()
    assert (playlist.parent / "wall-1.ts").read_bytes() == b"half"


def test_few_pieces_are_kept_and_those_of_an_earlier_stream_go(playlist: Path) -> None:
    folder = BroadcastFolder(playlist)
    for number in range(PIECES + 3):
        put(folder, f"wall-{number}.ts")
        put(folder, "wall.m3u8")
    folder.close()
    pieces = {f"wall-{number}.ts" for number in range(3, PIECES + 3)}
    assert names(playlist) == {*pieces, "wall.m3u8", NOTE}
    BroadcastFolder(playlist).close()
    assert names(playlist) == {"wall.m3u8", NOTE}


def test_nothing_of_others_is_replaced_or_deleted(playlist: Path) -> None:
    BroadcastFolder(playlist).close()
    folder = BroadcastFolder(playlist)
    for name in ("wall-12.ts", "wall.m3u8", "index.html"):
        (playlist.parent / name).write_text("precious")
    for name in ("wall-12.ts", "wall.m3u8"):
        with pytest.raises(FolderError, match=f"found {name}, which this broadcast has not"):
            folder.open(f"shelf:/{name}")
    with pytest.raises(FolderError, match=r"found wall\.m3u8, which this broadcast has not"):
        BroadcastFolder(playlist)
    for number in range(20, 20 + 2 * PIECES):
        put(folder, f"wall-{number}.ts")
    folder.close()
    for name in ("wall-12.ts", "wall.m3u8", "index.html"):
        assert (playlist.parent / name).read_text() == "precious"


def test_two_broadcasts_share_a_folder(playlist: Path) -> None:
    first, second = BroadcastFolder(playlist), BroadcastFolder(playlist.with_name("left.m3u8"))
    put(first, "wall-1.ts")
    put(second, "left-1.ts")
    with pytest.raises(FolderError):
        second.open("shelf:/wall-1.ts")
    first.close()
    second.close()
    BroadcastFolder(playlist).close()
    assert "left-1.ts" in names(playlist)


@pytest.mark.parametrize("there", ["wall.m3u8", "wall-12.ts", "precious.txt", ".hidden", "sub"])
def test_a_folder_with_files_of_others_is_refused(playlist: Path, there: str) -> None:
    playlist.parent.mkdir(parents=True)
    if there == "sub":
        (playlist.parent / there).mkdir()
    else:
        (playlist.parent / there).write_text("precious")
    with pytest.raises(FolderError, match="no broadcast of a wall has written"):
        BroadcastFolder(playlist)
    assert names(playlist) == {there}


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o757])
def test_a_folder_that_others_write_to_is_refused(playlist: Path, mode: int) -> None:
    BroadcastFolder(playlist).close()
    playlist.parent.chmod(mode)
    remedy = "of their own" if mode & 0o1000 else f"chmod go-w {playlist.parent}"
    with pytest.raises(FolderError, match=remedy):
        BroadcastFolder(playlist)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to a group")
def test_a_web_group_may_read_and_not_write(playlist: Path) -> None:
    playlist.parent.mkdir(parents=True)
    os.chown(playlist.parent, 0, 33)
    playlist.parent.chmod(0o2750)
    folder = BroadcastFolder(playlist)
    put(folder, "wall-1.ts")
    assert (playlist.parent / "wall-1.ts").stat().st_gid == 33
    playlist.parent.chmod(0o2770)
    with pytest.raises(FolderError, match=r"that the group .* can write to"):
        BroadcastFolder(playlist)


@pytest.mark.parametrize("name", ["wall-5.ts", ".wall-5.ts.part", "wall.m3u8", f"{NOTE}.part"])
def test_no_link_is_followed(playlist: Path, tmp_path: Path, name: str) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    BroadcastFolder(playlist).close()
    folder = BroadcastFolder(playlist)
    (playlist.parent / name).symlink_to(victim)
    for own in ("wall-5.ts", "wall.m3u8"):
        try:
            put(folder, own)
        except FolderError:
            assert own == name
    folder.close()
    assert victim.read_text() == "precious"


def test_a_note_that_lies_deletes_nothing_else(playlist: Path, tmp_path: Path) -> None:
    BroadcastFolder(playlist).close()
    (tmp_path / "wall-1.ts").write_text("precious")
    (playlist.parent / "page.html").write_text("precious")
    (playlist.parent / NOTE).write_text("../../wall-1.ts\npage.html\nwall-\n\x00\n" + "x" * 99_999)
    BroadcastFolder(playlist).close()
    assert (tmp_path / "wall-1.ts").exists()
    assert (playlist.parent / "page.html").exists()


def test_check_says_what_a_broadcast_would_meet(tmp_path: Path) -> None:
    folder = tmp_path / "hls"
    folder.mkdir()
    (folder / "precious").touch()
    site = tmp_path / "site.toml"
    site.write_text(
        'schema = 1\nname = "T"\n[[screens]]\nname = "s1"\nwidth = 1280\nheight = 720\n'
        '[[sources]]\nname = "a"\nnumber = 1\nmain = "test:bars"\n'
        '[[broadcasts]]\nname = "web"\nurl = "hls/wall.m3u8"\n'
    )
    [one] = check_site(site)
    assert str(one) == (
        f"{site}:13: warning: broadcasts[1].url: found a folder with files that no broadcast of a "
        f"wall has written: {folder}, expected an empty folder, or one that is not there yet"
    )
    assert folder_fault(tmp_path / "none" / "wall.m3u8") is None
