"""What the controller and the doorkeeper's process say to each other."""

import msgspec

from wallctl.api.event_messages import Topic
from wallctl.model.wall.commands.actor import Actor
from wallctl.model.wall.commands.command import Command


class Ticket(msgspec.Struct, frozen=True):
    """Who is to be answered, and under which id."""

    route: tuple[bytes, ...]
    """The client's identity, and the empty frame where the client is a REQ socket."""
    id: str


class Ask(msgspec.Struct, frozen=True, tag=True):
    """A program asks for a command. It was judged: it is a request, and not one too many."""

    ticket: Ticket
    actor: Actor
    uid: int
    """The user whose program it is, as the kernel says."""
    command: Command
    for_s: float | None = None
    """For how long a change is asked for; ``None``: until another."""


class Greet(msgspec.Struct, frozen=True, tag=True):
    """Somebody began to read states: they wait for one."""


class Watching(msgspec.Struct, frozen=True, tag=True):
    """Said each second: the doorkeeper lives, and this is what it holds."""

    epoch: str
    """Of the ``Begin`` that it obeys; empty before the first."""
    listening: int = 0
    """How many sockets it was given since."""


FromDoorkeeper = Ask | Greet | Watching


class Begin(msgspec.Struct, frozen=True, tag=True):
    """Begin again: forget all requests, and count events from one."""

    epoch: str


class Listen(msgspec.Struct, frozen=True, tag=True):
    """Take callers at two sockets that listen already; their descriptors come along."""

    commands: str
    """The path of the first descriptor."""
    events: str
    """And that of the second."""


class Answered(msgspec.Struct, frozen=True, tag=True):
    """The reply to a request."""

    ticket: Ticket
    frames: tuple[bytes, ...]
    kept: bool
    """Whether something was done, so that the same request must not be done again."""


class Happened(msgspec.Struct, frozen=True, tag=True):
    """An event for all who read its topic."""

    topic: Topic
    body: bytes
    """What the topic tells, as a JSON object."""
    lost: int = 0
    """How many events before this one did not come so far."""


class Large(msgspec.Struct, frozen=True, tag=True):
    """A message that fits into no packet: it comes along as a file."""


class Finish(msgspec.Struct, frozen=True, tag=True):
    """The wall ends: let the last replies leave, and end."""


ToDoorkeeper = Begin | Listen | Answered | Happened | Large | Finish
