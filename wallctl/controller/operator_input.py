"""Keys and the mouse at the wall: they become commands, and a word is said on the screens.

The word comes before the pictures do: a key is answered visibly also while a camera is coming.
"""

import os

from msgspec.structs import replace

from wallctl.controller.event_stream import claim_of
from wallctl.controller.requests import Requests
from wallctl.controller.screens import Screens
from wallctl.model.operator.feedback import (
    Feedback,
    describe_refusal,
    describe_result,
    describe_schedule,
)
from wallctl.model.operator.key_event import KeyEvent
from wallctl.model.operator.key_presses import (
    KeyboardState,
    count_down_dialogue,
    pass_time,
    press_key,
)
from wallctl.model.operator.keymap import KeyMap, pictures_moved
from wallctl.model.operator.message_catalogue import Catalogue, Text
from wallctl.model.operator.mouse_actions import MouseState, PointedWall, handle_pointer
from wallctl.model.operator.pointer import PointerEvent
from wallctl.model.wall.commands.actor import Actor, Origin, Role
from wallctl.model.wall.commands.command import Change, CommandError, Snapshot
from wallctl.model.wall.events.event_record import Record, TimePassed
from wallctl.model.wall.state.state import spoken
from wallctl.node.messages import SceneOrder, SnapshotAnswer
from wallctl.node.setup import Setup

SAID_NS = 1_500_000_000
FILE_SAID_NS = 4_000_000_000
"""A path takes longer to read."""
MOVED_SAID_NS = 10_000_000_000
"""Nobody looks for these words: they wait until somebody sees them."""
COUNTDOWN_STEPS = 40
"""The countdown is drawn again only when it has visibly grown."""


class OperatorInput:
    """All keyboards of the wall are one, and so are all mice."""

    def __init__(self, setup: Setup, screens: Screens, requests: Requests) -> None:
        self._setup = setup
        self._screens = screens
        self._requests = requests
        self._keys = KeyboardState(KeyMap.of(setup.site))
        self._mouse = MouseState()
        self._counted = 0
        self._screen = ""
        """Whose window had the last key: one that is held acts later."""

    def adopt(self, now_ns: int) -> None:
        """Take the keys of another site. A key that is held stays held. The wall says which keys
        bring another picture now."""
        before, now = self._keys.map, KeyMap.of(self._setup.site)
        self._keys = replace(self._keys, map=now)
        if moved := pictures_moved(before, now):
            told = self._words.say(Text.KEYS_MOVED, keys=", ".join(moved))
            self._say(Feedback(told, for_ns=MOVED_SAID_NS), now_ns)

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
        state = self._requests.state
        self._screen = event.screen
        self._keys, command, feedback = press_key(self._keys, event, state, self._words, now_ns)
        if feedback is not None:
            self._say(feedback, now_ns)
        match command:
            case None:
                pass
            case Snapshot():
                self._picture(command, now_ns)
            case _:
                self._do(command, _officer(self._screen, Origin.KEYBOARD), now_ns)

    def point(self, event: PointerEvent, now_ns: int) -> None:
        """The mouse did something in one of the windows."""
        requests = self._requests
        wall = PointedWall(requests.state, requests.scene, self._setup.site, self._words)
        self._mouse, command, feedback = handle_pointer(self._mouse, event, wall)
        if feedback is not None:
            self._say(feedback, now_ns)
        if command is not None:
            self._do(command, _officer(event.screen, Origin.MOUSE), now_ns)

    def due(self, now_ns: int) -> None:
        """Time passes: a held key may be due, and a number waits for its next digit."""
        if self._keys.dialogue is not None:
            state = self._requests.state
            self._keys, said = count_down_dialogue(self._keys, state, self._words, now_ns)
            if said is not None:
                self._say(said, now_ns)
        self._keys, command, progress = pass_time(self._keys, now_ns)
        steps = max(round(progress * COUNTDOWN_STEPS), self.is_counting)
        if steps != self._counted:
            self._counted = steps
            self._screens.order(SceneOrder(countdown=steps / COUNTDOWN_STEPS))
        if command is not None:
            self._do(command, _officer(self._screen, Origin.KEYBOARD), now_ns)

    def hear(self, record: Record) -> None:
        """Say that the schedule has changed the picture: else people ask who did it."""
        given = record.given
        if not isinstance(given, TimePassed):
            return
        feedback = describe_schedule(
            record.events, self._requests.state, self._setup.site, self._words
        )
        if feedback is not None:
            self._say(feedback, given.now_ns)

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
        return self._setup.catalogues[spoken(self._requests.state, self._setup.site)]

    def _do(self, command: Change, actor: Actor, now_ns: int) -> None:
        site = self._setup.site
        try:
            events = self._requests.change(command, claim_of(actor, now_ns))
        except CommandError as error:
            words: Feedback | None = describe_refusal(command, error, site, self._words)
        else:
            words = describe_result(command, events, self._requests.state, site, self._words)
        if words is not None:
            self._say(words, now_ns)

    def _picture(self, asked: Snapshot, now_ns: int) -> None:
        try:
            self._requests.save_picture(asked)
        except CommandError as error:
            self._say(describe_refusal(asked, error, self._setup.site, self._words), now_ns)

    def _say(self, words: Feedback, now_ns: int) -> None:
        until_ns = now_ns + (words.for_ns or SAID_NS)
        self._screens.say(words.words, self._words.language, until_ns, words.screen)


def _officer(screen: str, origin: Origin) -> Actor:
    return Actor(screen, Role.OFFICER, origin)


def _from_home(file: str) -> str:
    """A path as people write it."""
    home = f"{os.path.expanduser('~')}/"  # noqa: PTH111 - it stays as it is where nobody has a home
    return f"~/{file.removeprefix(home)}" if file.startswith(home) else file
