"""A counter whose site is in files, which it reads by itself."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.controller_harness import LEFT
from tests.support.fakes import MS
from tests.support.requests_harness import Counter
from tests.support.still_site_files import write_site
from wallctl.api.protocol import Answer
from wallctl.config.change_detector import fingerprint
from wallctl.config.site_file import load_site
from wallctl.controller.file_poll import Heed, named
from wallctl.controller.notices import Notices
from wallctl.controller.site_reader import Reading, Wanted, read_again
from wallctl.controller.site_reload import SiteReload
from wallctl.display.messages import Furnish
from wallctl.model.base.geometry import Size
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.wall.commands import command as c
from wallctl.node.child_kinds import READING, ReadAgain, Seen

WATCHER = "watching:site"
LOOK_NS = 1_000_000_000
SIZES = (Size(384, 216), Size(384, 216))
CAMERAS = {f"摄像机{n}": f"rtsp://192.0.2.{n}/main" for n in range(1, 5)}


class Bureau(Counter):
    """A counter whose site is in files; it reads them itself, where a wall has a child do it."""

    def __init__(self, folder: Path) -> None:
        (folder / "site").mkdir()
        self.file = write_site(folder / "site", CAMERAS, screens=SIZES)
        for file in (self.file, *self.file.parent.glob("presets/*")):
            file.write_text(file.read_text().replace('"s1"', '"left"').replace('"s2"', '"right"'))
        self.text = self.file.read_text()
        super().__init__(folder, load_site(self.file), self.file)
        office = self.office
        self.notices = Notices(office.wall_setup, office.screens)
        self.reload = SiteReload(
            self.setup,
            self.files,
            office.screens,
            self.requests,
            self.keyboard,
            self.notices,
        )
        self.heed: Heed | None = None
        self.all_present(1)

    def write(self, old: str, new: str) -> None:
        """Somebody changes the site file."""
        text = self.file.read_text()
        assert old in text
        self.file.write_text(text.replace(old, new))

    def readers(self) -> list[str]:
        """The children that read, in the order of their begin."""
        self.office.turn()
        return [name for name in self.office.root.spawned if name.startswith(READING)]

    def pass_time(self, ms: int = LOOK_NS // MS) -> None:
        self.office.turn(ms)
        if WATCHER in self.office.root.children and ms >= LOOK_NS // MS:
            self.look()
        self.reload.refresh(self.office.clock.now_ns)

    def look(self) -> None:
        """The child that looks does so once."""
        told = [one for one in self.office.root.told(WATCHER) if isinstance(one, Heed)]
        args = self.office.root.spawned[WATCHER].args
        self.heed = told[-1] if told else self.heed or msgspec.msgpack.decode(args, type=Heed)
        seen = Seen(named(self.heed.places), fingerprint(self.heed.places))
        self.office.root.says(WATCHER, seen)
        self.office.turn(0)
        self.reload.seen(seen, self.office.clock.now_ns)

    def read(self) -> Reading:
        """The newest child does its work and ends."""
        name = self.readers()[-1]
        args = self.office.root.spawned[name].args
        wanted = msgspec.msgpack.decode(args, type=Wanted)
        setup = self.office.setup
        started, size = setup.options.site, self.office.arena.size
        found = read_again(self.file, wanted.places, setup.options.group, started, size)
        content = msgspec.msgpack.encode(found)
        fd = os.memfd_create("reading")
        os.write(fd, content)
        now_ns = self.office.clock.now_ns
        self.reload.hear(name, ReadAgain(len(content)), fd, now_ns)
        self.turn(0)
        for number, taken in self.site_answers:
            self.reload.answered(number, taken, self.office.clock.now_ns)
        self.site_answers.clear()
        self.end(name)
        return found

    def end(self, name: str) -> None:
        """A child is gone."""
        self.office.root.bury(name, code=0)
        self.office.turn()
        self.reload.died(name, self.office.clock.now_ns)
        self.office.turn()

    def reread(self) -> dict[str, Any]:
        """What the command ``reload`` is answered with."""
        name = self.ask(c.Reload())
        self.read()
        replied = self.reply()
        assert replied is not None
        assert replied[0] == name
        assert isinstance(replied[1], Answer)
        answer: dict[str, Any] = msgspec.to_builtins(replied[1].result)
        return answer

    def faults(self, name: str = LEFT) -> list[str | None]:
        """What a presenter was told since the last look of where the files have a mistake."""
        told = [one.notices for one in self.furnished(name)]
        assert {one.text for some in told for one in some} <= {Text.SITE_FILE_FAULT}
        return [some[0].place if some else None for some in told]

    def furnished(self, name: str = LEFT) -> list[Furnish]:
        """What a presenter was told beside scenes since the last look."""
        return [one for one in self.office.root.told(name) if isinstance(one, Furnish)]


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    bureau = Bureau(tmp_path)
    yield bureau
    bureau.close()


def quiet(bureau: Bureau) -> None:
    """The files are read once at the start, to find what has changed since the wall began."""
    bureau.pass_time(1)
    bureau.office.turn()
    bureau.pass_time()
    assert bureau.readers() == []
    bureau.pass_time()
    bureau.read()
    assert len(bureau.readers()) == 1
