"""The open taps of a stream, and the last picture, from which a new tap is filled at once.

Not thread-safe by itself: the caller holds the worker's lock.
"""

import msgspec

from wallctl.decoder.messages import Demand, Tap
from wallctl.media.decode.decoder import Picture
from wallctl.media.scale.scaler import Look, Scaler
from wallctl.model.site.aspect import UNKNOWN
from wallctl.shm.arena import Arena
from wallctl.shm.ring import Flag, Header, Ring, begin, publish


class Shot(msgspec.Struct, frozen=True):
    """A decoded picture with its place in the stream."""

    picture: Picture
    frame: int
    decoded_ns: int
    flags: Flag


class _OpenTap:
    """A ring that is written, with the scaler that makes its pictures."""

    def __init__(self, tap: Tap, arena: Arena) -> None:
        self._ring = Ring(arena, tap.ring)
        self._scaler = Scaler(tap.tile, tap.fit, tap.view)
        self.filled = False

    def publish(self, shot: Shot, look: Look, flags: Flag) -> None:
        """Scale into the ring; nothing if the ring is another tap's by now."""
        out = begin(self._ring)
        if out is None:
            return
        picture = shot.picture
        size = self._scaler.write(picture.frame, look, out)
        publish(
            self._ring,
            Header(size, flags, shot.frame, picture.pts_ns, picture.arrival_ns, shot.decoded_ns),
        )
        self.filled = True


class Taps:
    """All taps of one stream."""

    def __init__(self, arena: Arena) -> None:
        self._arena = arena
        self._open: dict[Tap, _OpenTap] = {}
        self.last: Shot | None = None
        """The newest decoded picture, shown or not."""
        self._shape = UNKNOWN
        self._looked: tuple[Look, Look] | None = None
        """A look of the stream's pictures, and what it is with the shape that is known."""

    def __bool__(self) -> bool:
        return bool(self._open)

    @property
    def filled(self) -> bool:
        """Whether every tap has a picture to show."""
        return all(tap.filled for tap in self._open.values())

    def apply(self, demand: Demand) -> None:
        """Open and close taps; those that stay go on undisturbed."""
        self._open = {tap: self._open.get(tap) or _OpenTap(tap, self._arena) for tap in demand.taps}
        if demand.shape != self._shape:
            self._shape, self._looked = demand.shape, None
            for tap in self._open.values():
                tap.filled = False  # the picture there has another shape

    def keep(self, shot: Shot) -> None:
        """Remember a picture that is not shown."""
        self.last = shot

    def publish(self, shot: Shot, extra: Flag = Flag.NONE) -> None:
        """Show a picture in every tap."""
        self.last = shot
        flags = shot.flags | extra if extra else shot.flags
        for tap in self._open.values():
            tap.publish(shot, self._look(shot), flags)

    def fill(self, extra: Flag = Flag.NONE) -> None:
        """Show the last picture in the taps that never had one."""
        if self.last is None:
            return
        for tap in self._open.values():
            if not tap.filled:
                tap.publish(self.last, self._look(self.last), self.last.flags | extra)

    def _look(self, shot: Shot) -> Look:
        """The look of a picture with the shape that is known; kept, since it hardly changes."""
        own = shot.picture.look
        if self._looked is None or self._looked[0] != own:
            self._looked = own, own.with_shape(self._shape)
        return self._looked[1]
