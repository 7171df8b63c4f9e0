"""What a stream's workers know of decoding in hardware, from one life to the next."""

import logging

from wallctl.decoder.status_writer import Status
from wallctl.model.site.decoder_preference import DecodedBy, HardwareFailure
from wallctl.shm.shared_words import Words
from wallctl.shm.stream_status import Word, member

OPENING_NS = 15_000_000_000
"""Longest opening of a device when all workers of a wall begin at once. No thread of the process
runs meanwhile: without an excuse the process would be ended as one that hangs."""

_WHY = {
    HardwareFailure.NOT_THERE: "which this machine or this build of libav lacks",
    HardwareFailure.NOT_OPENED: "which can't be opened",
    HardwareFailure.DECLINED: "which does not take this stream",
    HardwareFailure.NO_PICTURES: "which gave no pictures",
    HardwareFailure.CRASHED: "with which its process died",
}

log = logging.getLogger(__name__)


class HardwareNotes:
    """Writes the words of one stream's block. A failure is logged once, and kept."""

    def __init__(self, words: Words, status: Status, name: str) -> None:
        """``name`` is what a person calls the stream."""
        self._words = words
        self._status = status
        self._name = name
        if words[Word.DEVICE]:
            self.failed(member(words, Word.DEVICE, DecodedBy), HardwareFailure.CRASHED)
        words[Word.DECODED_BY] = DecodedBy.NONE

    @property
    def failure(self) -> HardwareFailure:
        """What went wrong with a device before."""
        return member(self._words, Word.HARDWARE_FAILURE, HardwareFailure)

    def holds(self, device: DecodedBy) -> None:
        """Note a device that is about to be opened, or (``NONE``) that it was let go."""
        self._words[Word.DEVICE] = device
        if device:
            self._status.beat(OPENING_NS)

    def decoded_by(self, what: DecodedBy) -> None:
        """Note what made the newest picture."""
        self._words[Word.DECODED_BY] = what

    def failed(self, device: DecodedBy, why: HardwareFailure) -> None:
        """Note why the device is not tried again."""
        self._words[Word.DEVICE] = DecodedBy.NONE
        self._words[Word.HARDWARE_FAILURE] = why
        log.warning("%s is decoded in software, not by %s, %s", self._name, device.label, _WHY[why])
