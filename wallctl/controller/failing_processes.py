"""What people are told of processes that die over and over, and of what can't be drawn."""

import datetime
from collections.abc import Mapping, Sequence

import msgspec

from wallctl.controller.node_facts import NodeFacts
from wallctl.controller.notices import Concern, Notices
from wallctl.display.messages import Figures
from wallctl.model.operator.message_catalogue import Text
from wallctl.model.operator.notice import Notice
from wallctl.node.child_kinds import BROADCAST, INPUT, PRESENTER, WORKER, is_of_node
from wallctl.node.child_processes import ChildProcesses
from wallctl.node.messages import Dying

_TEXTS = {
    PRESENTER: Text.SCREEN_DIES,
    INPUT: Text.INPUT_DIES,
    BROADCAST: Text.BROADCAST_DIES,
    WORKER: Text.SOURCE_DIES,
}
"""What is said of each kind; of several the first is said on the wall."""


class DyingStatus(msgspec.Struct, frozen=True):
    """A process that dies over and over, as status tells it."""

    process: str
    """``presenter``, ``worker``, ``input`` or ``broadcast``."""
    name: str
    """Of its screen, source, input or broadcast."""
    since: str
    """When people should have known of it first: UTC, in the form of ISO 8601."""
    deaths: int
    """How often it has died since then."""
    why: str
    """Why it died last."""
    pause_s: float
    """How long it rested, or rests, before the next start."""


class FailingProcesses:
    """Those of both sides."""

    def __init__(self, crew: ChildProcesses, facts: NodeFacts, notices: Notices) -> None:
        self._crew = crew
        self._facts = facts
        self._notices = notices
        self._dying: list[Dying] = []

    def look(self, now_ns: int) -> None:
        """See which keep dying, and have people told."""
        own = [one for one in self._crew.dying(now_ns) if not is_of_node(one.kind)]
        self._dying = sorted([*own, *self._facts.dying], key=lambda one: (one.kind, one.name))
        tell_dying(self._notices, self._dying, self._facts.figures)

    def status(self) -> list[DyingStatus]:
        """Those found at the last look."""
        return dying_status(self._dying)


def dying_status(dying: Sequence[Dying]) -> list[DyingStatus]:
    """All of them for ``status``."""
    return [
        DyingStatus(one.kind, one.name, _time(one.since_unix_s), one.deaths, one.why, one.pause_s)
        for one in dying
    ]


def tell_dying(notices: Notices, dying: Sequence[Dying], figures: Mapping[str, Figures]) -> None:
    """Say on the wall, and to those who ask, which processes keep dying and what is left out."""
    plain = [name for name, one in figures.items() if one.is_plain]
    notices.put(Concern.DYING, _notice(dying, plain), "; ".join(_sentence(one) for one in dying))
    left_out = {name: one.left_out for name, one in figures.items() if one.left_out}
    notice = Notice(Text.LEFT_OUT, _places(list(left_out))) if left_out else None
    told = [f"{name}: {'; '.join(sentences)}" for name, sentences in left_out.items()]
    notices.put(Concern.LEFT_OUT, notice, "; ".join(told))


def _notice(dying: Sequence[Dying], plain: Sequence[str]) -> Notice | None:
    """The weightiest kind, with the names of those of it. A screen that shows no text counts as
    dying: the next presenter without this care would."""
    names = {kind: [one.name for one in dying if one.kind == kind] for kind in _TEXTS}
    names[PRESENTER] = list(dict.fromkeys([*names[PRESENTER], *plain]))
    kind = next((kind for kind in _TEXTS if names[kind]), None)
    return None if kind is None else Notice(_TEXTS[kind], _places(names[kind]))


def _places(names: Sequence[str]) -> str:
    """The first name, and how many there are besides."""
    return names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"


def _sentence(one: Dying) -> str:
    return f"{one.kind} {one.name} has died {one.deaths} times, at last because of: {one.why}"


def _time(unix_s: int) -> str:
    return datetime.datetime.fromtimestamp(unix_s, datetime.UTC).isoformat()
