"""What a stream says about its pictures: how wide a pixel is, and how they stand.

Both the codec (with each keyframe) and the container of a file (once) say it. The container's word
holds while pictures stay as they began.
"""

from fractions import Fraction

from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from msgspec.structs import replace

from wallctl.media.decode.hw_decoder import drain_decoder
from wallctl.media.scale.colour import UNSAID_MATRIX, UNSAID_RANGE
from wallctl.media.scale.scaler import Interlace, Look, look_of

MOST_ASPECT = 16
"""Most that a pixel is wider than high, or higher than wide; more is a mistake."""

_DESCRIBING = ("mov", "matroska")
"""Beginnings of libav's names of containers that say how pictures stand, and their colours."""


class DeclaredShape:
    """The shape that holds for the newest picture."""

    def __init__(self, stream: VideoStream) -> None:
        self._own = own = stream.codec_context
        file_says, codec_says = stream.sample_aspect_ratio, own.sample_aspect_ratio
        self._file_says = file_says if file_says != codec_says else None
        self._began: tuple[tuple[int, int], Fraction | None] | None = None
        """Size and the codec's word of the first picture."""
        self._size = (0, 0)
        self._aspect = 1.0
        self._woven = False
        """Whether pictures with two fields came."""
        self._turns = stream.container.format.name.startswith(_DESCRIBING)
        if not self._turns:  # it was found out by decoding ahead, and may be true of later pictures
            own.color_range, own.colorspace = UNSAID_RANGE, UNSAID_MATRIX
        self._coded_deg = 0
        """What the codec says, since the last keyframe."""
        self._turned_deg: int | None = None
        """What the container says; ``None`` until it is known."""
        self._key: Packet[VideoStream] | None = None

    def at_key(self, packet: "Packet[VideoStream]") -> None:
        """Note a keyframe that is about to be decoded."""
        if self._turns:
            self._key = packet

    def forget_container(self) -> None:
        """Forget what the container said: the stream has a new description."""
        self._file_says = None
        self._turns = False

    def look(self, frame: VideoFrame, key: bool, context: VideoCodecContext) -> Look:
        """How the newest picture looks, which ``context`` has decoded."""
        look = look_of(
            frame, self._aspect_of(frame, key, context), self._rotation_deg(frame, key, context)
        )
        if look.interlace is Interlace.WOVEN:
            self._woven = True
        elif self._woven and look.interlace is Interlace.NONE:
            look = replace(look, interlace=Interlace.WOVEN)  # a scaler is not made for each picture
        return look

    def _aspect_of(self, frame: VideoFrame, key: bool, context: VideoCodecContext) -> float:
        """Width of a stored pixel over its height. Unknown is square."""
        size = (frame.width, frame.height)
        if key or size != self._size:
            self._size = size
            codec_says = context.sample_aspect_ratio
            now = size, codec_says
            self._began = self._began or now
            said = self._file_says if self._file_says and now == self._began else codec_says
            self._aspect = _bound_aspect(said)
        return self._aspect

    def _rotation_deg(self, frame: VideoFrame, key: bool, context: VideoCodecContext) -> int:
        """How far to turn the picture counterclockwise.

        Cameras say it with keyframes alone. What a container says only the stream's own context
        knows.
        """
        says = frame.rotation
        if says or key:
            self._coded_deg = says
        if not self._turns:
            return self._coded_deg
        if context is self._own:
            self._turned_deg = says
        elif self._turned_deg is None:
            self._turned_deg = self._look_up()
        return self._coded_deg or self._turned_deg

    def _look_up(self) -> int:
        if self._key is None:
            return 0
        frames = self._own.decode(self._key) + drain_decoder(self._own)
        return frames[0].rotation if frames else 0


def _bound_aspect(aspect: Fraction | None) -> float:
    if not aspect or not 1 / MOST_ASPECT <= aspect <= MOST_ASPECT:
        return 1.0
    return float(aspect)
