"""The screens as the wall's side has them: what it orders of them, and what they have said."""

from collections.abc import Iterator
from typing import Protocol

from wallctl.controller.node_facts import NodeFacts
from wallctl.controller.scene_changes import SceneChanges
from wallctl.model.base.language import Language
from wallctl.model.operator.notice import Notice
from wallctl.node.message_clock import MessageClock, in_own, in_utc
from wallctl.node.messages import NodeReport, SceneOrder, Words


class NodeLink(Protocol):
    """The way to the node; times are in the clock of messages."""

    def order(self, order: SceneOrder) -> None:
        """Send an order, without waiting; it is lost while nobody is there. Before anyone acts on
        a scene, the memory of the wall's side is kept."""

    def take(self) -> Iterator[NodeReport]:
        """What the node has reported, one after the other; never waits."""


class Screens:
    """``order`` is the one way to the node; its times are those of this process."""

    def __init__(self, link: NodeLink, clock: MessageClock, number: int = 0) -> None:
        """``number`` is that of the newest scene that the node was ever ordered."""
        self._link = link
        self._clock = clock
        self.facts = NodeFacts()
        self.changes = SceneChanges(self.order, number)

    def order(self, order: SceneOrder) -> None:
        """Have the node do something."""
        self._link.order(in_utc(order, self._clock))

    def take_reports(self, now_ns: int) -> Iterator[NodeReport]:
        """What the node has reported, in the time of this process; each is noted here first."""
        for report in self._link.take():
            own = in_own(report, self._clock, now_ns)
            self.hear(own)
            yield own

    def hear(self, report: NodeReport) -> None:
        """Note what the node reports."""
        self.facts.hear(report)
        self.changes.hear(report)

    def say(self, text: str, language: Language, until_ns: int, screen: str | None = None) -> None:
        """Have one screen say it, or every one."""
        self.order(SceneOrder(words=(Words(text, language, until_ns, screen),)))

    def furnish(self, notices: tuple[Notice, ...]) -> None:
        """Have the screens show what is wrong around the wall."""
        self.order(SceneOrder(notices=notices))
