"""Remarks on a site's pictures as findings: in which file and line each of them is to be mended."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from wallctl.config.file_names import file_called
from wallctl.config.site_file import OWN_LAYOUTS, PRESETS
from wallctl.config.toml.reader import read_toml
from wallctl.model.planning.site_lint import Fault, Remark
from wallctl.model.site.site import Site
from wallctl.model.wall.scene.selectable_scenes import Picture, PictureKind
from wallctl.storage.file_findings import Finding, Key, Report, in_order


class _Written:
    """A file as it stands: its keys with their lines."""

    def __init__(self, path: Path) -> None:
        self.report = Report(path)
        self.data: dict[str, Any] = read_toml(path, self.report) or {}

    def index(self, table: str, screen: str | None) -> Key:
        """The table of a screen in a list of tables; the list where there is none."""
        tables = self.data.get(table, [])
        at = [i for i, one in enumerate(tables) if one.get("screen") == screen]
        return (table, at[0]) if at else (table,)


class WrittenSite:
    """The files of a site that was found sound, read for their lines."""

    def __init__(self, path: Path, site: Site) -> None:
        self._site = site
        self._main = _Written(path)
        folders = [*reversed(self._main.data.get("layouts", [])), OWN_LAYOUTS]
        self._folders = [path.parent / name for name in folders]
        self._presets = path.parent / PRESETS
        self._read: dict[Path, _Written] = {}

    def own_layouts(self) -> list[str]:
        """The layouts that are written in files of the site."""
        return [name for name in self._site.layouts if self._layout_file(name) is not None]

    def findings(self, remarks: Iterable[Remark]) -> tuple[Finding, ...]:
        """The remarks, each as a warning where it is to be mended."""
        for remark in remarks:
            written, key = self._place(remark.picture, remark)
            if not (remark.fault is Fault.ACROSS and "bezels" in written.data):
                written.report.warning(key, remark.found, remark.expected)
        return in_order(self._all())

    def _all(self) -> Iterator[Finding]:
        for written in (self._main, *self._read.values()):
            yield from dict.fromkeys(written.report.findings)

    def _place(self, picture: Picture, remark: Remark) -> tuple[_Written, Key]:
        if picture.kind is PictureKind.PRESET:
            return self._in_list(
                self._open(self._preset_file(picture.name)), "screens", "tiles", remark
            )
        if picture.kind is PictureKind.HOME:
            return self._in_list(self._main, "home", "sources", remark)
        own = self._layout_file(picture.name)
        if own is not None:
            return self._open(own), ("tiles",) if remark.tile is None else (
                "tiles",
                remark.tile - 1,
            )
        return self._main, self._keys(picture.name)

    def _in_list(
        self, written: _Written, table: str, tiles: str, remark: Remark
    ) -> tuple[_Written, Key]:
        key = written.index(table, remark.screen)
        if len(key) == 1 or remark.tile is None:
            return written, key
        return written, (*key, tiles, remark.tile - 1)

    def _keys(self, layout: str) -> Key:
        """Where a layout that comes with the program is asked for."""
        keys = self._site.layout_keys
        return ("keys", keys.index(layout)) if layout in keys else ("keys",)

    def _layout_file(self, name: str) -> Path | None:
        paths = (file_called(folder, name) for folder in self._folders)
        return next((path for path in paths if path is not None), None)

    def _preset_file(self, name: str) -> Path:
        return file_called(self._presets, name) or self._presets / f"{name}.toml"

    def _open(self, path: Path) -> _Written:
        if path not in self._read:
            self._read[path] = _Written(path)
        return self._read[path]
