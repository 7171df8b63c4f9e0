"""Keys and the mouse at the wall: into commands for the desk, with a word on the screens at once.

The word comes before the pictures do: a key is answered visibly also while a camera is coming.
"""

import os

from msgspec.structs import replace

from wallctl.controller.requests import Desk
from wallctl.controller.screens import Screens
from wallctl.model.operator.catalogue import Catalogue, Text
from wallctl.model.operator.feedback import Feedback, describe_refusal, describe_result
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.key_presses import KeyboardState, pass_time, press_key
from wallctl.model.operator.keymap import KeyMap
from wallctl.model.operator.mouse_actions import MouseState, PointedWall, handle_pointer
from wallctl.model.operator.pointer import PointerEvent
from wallctl.model.wall.commands.command import Change, CommandError, Snapshot
from wallctl.model.wall.state.lease import Claim, Holder
from wallctl.model.wall.state.state import spoken
from wallctl.node.messages import SceneOrder, SnapshotAnswer
from wallctl.node.setup import Setup

SAID_NS = 1_500_000_000
FILE_SAID_NS = 4_000_000_000
"""A path takes longer to read."""
COUNTDOWN_STEPS = 40
"""The countdown is drawn anew only when it has visibly grown."""


class Keyboard:
    """All keyboards of the wall are one, and so are all mice."""

    def __init__(self, setup: Setup, screens: Screens, desk: Desk) -> None:
        self._setup = setup
        self._screens = screens
        self._desk = desk
        self._keys = KeyboardState(KeyMap.of(setup.site))
        self._mouse = MouseState()
        self._counted = 0

    def adopt(self) -> None:
        """Go by the keys of another site; a key that is held goes on being held."""
        self._keys = replace(self._keys, map=KeyMap.of(self._setup.site))

    @property
    def map(self) -> KeyMap:
        """What each key does."""
        return self._keys.map

    @property
    def is_counting(self) -> bool:
        """Whether a key is held whose countdown is shown."""
        return self._keys.held is not None

    def press(self, event: KeyEvent, now_ns: int) -> None:
        """A key went down or up in one of the windows."""
        state = self._desk.state
        self._keys, command, feedback = press_key(self._keys, event, state, self._words, now_ns)
        if feedback is not None:
            self._say(feedback, now_ns)
        match command:
            case None:
                pass
            case Snapshot():
                self._picture(command, now_ns)
            case _:
                self._do(command, now_ns)

    def point(self, event: PointerEvent, now_ns: int) -> None:
        """The mouse did something in one of the windows."""
        desk = self._desk
        wall = PointedWall(desk.state, desk.scene, self._setup.site, self._words)
        self._mouse, command, feedback = handle_pointer(self._mouse, event, wall)
        if feedback is not None:
            self._say(feedback, now_ns)
        if command is not None:
            self._do(command, now_ns)

    def due(self, now_ns: int) -> None:
        """Time passes: a held key may be due."""
        self._keys, command, progress = pass_time(self._keys, now_ns)
        steps = max(round(progress * COUNTDOWN_STEPS), self.is_counting)
        if steps != self._counted:
            self._counted = steps
            self._screens.order(SceneOrder(countdown=steps / COUNTDOWN_STEPS))
        if command is not None:
            self._do(command, now_ns)

    def snapshot_done(self, done: SnapshotAnswer, now_ns: int) -> None:
        """A snapshot that a key asked for has seen the screens, so that words may be said on them
        now; or it is saved, or can't be."""
        if done.seen:
            self._say(Feedback(self._words.say(Text.SNAPSHOT_COMING)), now_ns)
            return
        if done.why_not:
            words = self._words.say(Text.SNAPSHOT_FAILED, why=done.why_not)
        else:
            words = self._words.say(Text.SNAPSHOT_SAVED, file=_from_home(done.file))
        self._say(Feedback(words, for_ns=FILE_SAID_NS), now_ns)

    @property
    def _words(self) -> Catalogue:
        """What is said is said in the language that the wall speaks now."""
        return self._setup.catalogues[spoken(self._desk.state, self._setup.site)]

    def _do(self, command: Change, now_ns: int) -> None:
        before, site = self._desk.state, self._setup.site
        try:
            self._desk.change(command, Claim(Holder.OFFICER, now_ns), "officer")
        except CommandError as error:
            words: Feedback | None = describe_refusal(command, error, site, self._words)
        else:
            words = describe_result(command, before, self._desk.state, site, self._words)
        if words is not None:
            self._say(words, now_ns)

    def _picture(self, asked: Snapshot, now_ns: int) -> None:
        try:
            self._desk.save_picture(asked)
        except CommandError as error:
            self._say(describe_refusal(asked, error, self._setup.site, self._words), now_ns)

    def _say(self, words: Feedback, now_ns: int) -> None:
        until_ns = now_ns + (words.for_ns or SAID_NS)
        self._screens.say(words.words, self._words.language, until_ns, words.screen)


def _from_home(file: str) -> str:
    """A path as people write it."""
    home = f"{os.path.expanduser('~')}/"  # noqa: PTH111 - it stays as it is where nobody has a home
    return f"~/{file.removeprefix(home)}" if file.startswith(home) else file
