"""Real files, whole and damaged, through a real worker: it lives, and says the truth."""

import pytest

from tests.support.media_files import folder, media
from tests.support.worker_harness import Bench, picture, until
from wallctl.model.streams.health import Phase, Reason
from wallctl.shm.ring import latest
from wallctl.shm.stream_status import Word

SILENT = {
    # Open, or not even that, and never give a picture.
    "corrupt/mp4parse-chunk_out_of_range.mp4",
    "corrupt/mp4parse-invalid_userdata.mp4",
    "corrupt/mp4parse-test_case_1185230.mp4",
    "corrupt/mp4parse-zero_empty_stsc.mp4",
}
ONE_PICTURE = {
    # A recording of one packet is a still image by another name.
    "corrupt/mp4parse-hevc_white_frame.mp4",
    "corrupt/mp4parse-tiny_av1.mp4",
    "h264-conformance/jm_1080p_allslice.264",
}
FILES = [*folder("corrupt"), *folder("h264-conformance")]
GOOD = [name for name in FILES if name not in SILENT]

COUNTED = {
    # Pictures that the decoder's reference gives.
    "h264-conformance/BA_MW_D.264": 100,
    "h264-conformance/CVFC1_Sony_C.jsv": 50,
    "h264-conformance/MR1_BT_A.h264": 62,
    "h264-conformance/BAMQ1_JVC_C.264": 30,
    "h264-conformance/SarVui.264": 17,
    "h264-conformance/Static.264": 10,
    "h264-conformance/Cisco_Men_whisper_640x320_CABAC_Bframe_9.264": 9,
}


@pytest.mark.parametrize("name", GOOD)
def test_a_file_that_can_be_decoded_is_shown(name: str) -> None:
    with Bench(media(name)) as bench:
        ring = bench.show()
        shot = picture(ring)
        assert shot.header.size.w <= 320
        if name in ONE_PICTURE:
            until(lambda: bench.word(Word.PHASE), lambda phase: phase == Phase.STILL)
        else:
            assert bench.word(Word.PHASE) == Phase.LIVE
            seen = bench.word(Word.DECODED)
            until(lambda: bench.word(Word.DECODED), lambda n: n > seen)


@pytest.mark.parametrize("name", sorted(SILENT))
def test_a_file_without_a_picture_is_never_called_live(name: str) -> None:
    with Bench(media(name)) as bench:
        ring = bench.show()
        until(lambda: bench.word(Word.ATTEMPTS), lambda n: n >= 2)
        # The next attempt may be on its way: it gives packets, and no picture.
        until(lambda: bench.word(Word.PHASE), lambda phase: phase == Phase.FAILED)
        assert bench.word(Word.REASON) in (Reason.BROKEN_DATA, Reason.NO_VIDEO)
        assert bench.word(Word.DECODED) == 0
        assert latest(ring) is None


@pytest.mark.parametrize(("name", "count"), COUNTED.items())
def test_every_picture_of_a_conformance_stream_comes_out(name: str, count: int) -> None:
    """Counted over two rounds: the packets and pictures of each are the same."""
    with Bench(media(name)) as bench:
        ring = bench.show()
        picture(ring)
        until(lambda: bench.word(Word.PACKETS), lambda n: n > count)
        assert bench.word(Word.DECODED) >= count
        assert bench.word(Word.DECODED) <= bench.word(Word.PACKETS) + 1
