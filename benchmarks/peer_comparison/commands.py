"""How other programs are told to show the same wall: their command lines, nothing of running them.

Each gets the files, the rectangles and the canvas that wallctl has, one decoder thread a stream
where it decodes streams beside each other, and what else makes it fastest on few processors. None
shows its canvas anywhere: like a headless wall's it lies in memory as 4:2:0, or on the renderer.
"""

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence

import msgspec

from benchmarks.harness.screen import SCREEN
from wallctl.config.layout_files import shipped_layouts
from wallctl.demo.clips import RATE_HZ
from wallctl.model.base.geometry import Fit, Rect, centred, place
from wallctl.model.site.layout import tile_rects

SHAPE = 16 / 9
LOOK_S = 30.0
PROBED_US = 200_000
"""Enough to know a stream by; what is read to probe it is shown late."""
GL_ENVIRON = {
    "GST_GL_PLATFORM": "egl",
    "GST_GL_WINDOW": "egl-device",
    "LIBGL_ALWAYS_SOFTWARE": "1",
}
"""A renderer without a display: Mesa's llvmpipe."""


class Mosaic(msgspec.Struct, frozen=True):
    """What is to be shown: the inputs, where their pictures go, and at which pace."""

    inputs: tuple[str, ...]
    """Paths, or addresses that FFmpeg opens."""
    rects: tuple[Rect, ...]
    live: bool = False
    """At the inputs' own pace, instead of as fast as possible."""


class Peer(msgspec.Struct, frozen=True):
    """A program that composes: how to call it, and how its output counts pictures."""

    name: str
    program: str
    needs: tuple[str, ...]
    """Elements of GStreamer."""
    settings: str
    words: Callable[[Mosaic], list[str]]
    environ: dict[str, str] = {}


def mosaic(inputs: Sequence[object], layout: str, *, live: bool = False) -> Mosaic:
    """The inputs in a layout on the screen, each picture where a wall would put it."""
    tiles = tile_rects(shipped_layouts()[layout], SCREEN)[: len(inputs)]
    rects = (centred(place(SCREEN, SHAPE, tile.size, Fit.CONTAIN).size, tile) for tile in tiles)
    return Mosaic(tuple(map(str, inputs)), tuple(rects), live)


def xstack(asked: Mosaic) -> list[str]:
    """FFmpeg's xstack. Two threads a decoder: its pictures are decoded one input after another."""
    pace = ("-re",) if asked.live else ()
    opened = ("-threads", "2", "-analyzeduration", str(PROBED_US), *pace)
    inputs = [word for url in asked.inputs for word in (*opened, "-i", url)]
    scaled = "".join(
        f"[{i}:v]scale={rect.w}:{rect.h}:flags=area[s{i}];" for i, rect in enumerate(asked.rects)
    )
    labels = "".join(f"[s{i}]" for i in range(len(asked.rects)))
    at = "|".join(f"{rect.x}_{rect.y}" for rect in asked.rects)
    stacked = f"xstack=inputs={len(asked.rects)}:layout={at}:fill=black"
    whole = f"pad={SCREEN.w}:{SCREEN.h}" if _right(asked) < SCREEN.w else "null"
    return [
        *("ffmpeg", "-hide_banner", "-nostdin", "-v", "error"),
        *("-stats_period", "0.1", "-progress", "pipe:1", "-filter_complex_threads", "1"),
        *inputs,
        *("-filter_complex", f"{scaled}{labels}{stacked},{whole},format=yuv420p[wall]"),
        *("-map", "[wall]", "-fps_mode", "passthrough", "-f", "null", "-"),
    ]


def _right(asked: Mosaic) -> int:
    return max(rect.right for rect in asked.rects)


def compositor(asked: Mosaic) -> list[str]:
    """GStreamer's compositor, each branch decoded and scaled in a thread of its own."""
    return _pipeline(asked, "compositor", "", f"video/x-raw,format=I420,{_caps()}")


def glvideomixer(asked: Mosaic) -> list[str]:
    """GStreamer's mixer on OpenGL; what it has mixed stays on the renderer."""
    upload = "! glupload ! glcolorconvert"
    return _pipeline(asked, "glvideomixer", upload, f"video/x-raw(memory:GLMemory),{_caps()}")


def _caps() -> str:
    return f"width={SCREEN.w},height={SCREEN.h},framerate={RATE_HZ}/1"


def _pipeline(asked: Mosaic, mixer: str, upload: str, caps: str) -> list[str]:
    places = [f"sink_{i}::xpos={r.x} sink_{i}::ypos={r.y}" for i, r in enumerate(asked.rects)]
    branches = [
        f"filesrc location={file} ! qtdemux ! h264parse ! avdec_h264 max-threads=1 "
        f"! videoscale ! video/x-raw,width={rect.w},height={rect.h} {upload} "
        f"! queue max-size-buffers=3 max-size-bytes=0 max-size-time=0 ! wall.sink_{i}"
        for i, (file, rect) in enumerate(zip(asked.inputs, asked.rects, strict=True))
    ]
    pace = "true" if asked.live else "false"
    text = (
        f"{mixer} name=wall background=black {' '.join(places)} ! {caps} "
        f"! fakesink sync={pace} silent=false {' '.join(branches)}"
    )
    return ["gst-launch-1.0", "--verbose", *text.split()]


BRANCH = ("filesrc", "qtdemux", "h264parse", "avdec_h264", "videoscale", "queue", "fakesink")
PEERS = (
    Peer(
        "FFmpeg xstack",
        "ffmpeg",
        (),
        "2 threads a decoder, 1 for filters, scale flags=area, yuv420p out",
        xstack,
    ),
    Peer(
        "GStreamer compositor",
        "gst-launch-1.0",
        (*BRANCH, "compositor"),
        "a thread an input with avdec_h264 max-threads=1 and videoscale, queues of 3, I420 out",
        compositor,
    ),
    Peer(
        "GStreamer glvideomixer",
        "gst-launch-1.0",
        (*BRANCH, "glupload", "glcolorconvert", "glvideomixer"),
        "as compositor, then on llvmpipe (EGL device), its output left in GL memory",
        glvideomixer,
        GL_ENVIRON,
    ),
)


def counted(line: str, before: int) -> int:
    """How many pictures were put out so far, after one more line of a peer's output."""
    if line.startswith("frame="):
        return int(line.partition("=")[2])
    return before + ("last-message = chain" in line)


def absence(peer: Peer) -> str | None:
    """Why a peer can't be run here; ``None`` if it can."""
    if shutil.which(peer.program) is None:
        return f"{peer.program} is not installed"
    missing = [name for name in peer.needs if not _said("gst-inspect-1.0", "--exists", name)[1]]
    return f"GStreamer lacks {', '.join(missing)}" if missing else None


def peer_versions() -> dict[str, str]:
    """Of the programs that are there."""
    asked = {"ffmpeg": ("ffmpeg", "-version"), "gstreamer": ("gst-launch-1.0", "--version")}
    found = {name: re.search(r"version (\S+)", _said(*words)[0]) for name, words in asked.items()}
    return {name: match[1] for name, match in found.items() if match}


def _said(*words: str) -> tuple[str, bool]:
    """What a program wrote, and whether it ended well."""
    try:
        ended = subprocess.run(words, capture_output=True, text=True, timeout=LOOK_S, check=False)
    except FileNotFoundError:
        return "", False
    return ended.stdout, ended.returncode == 0
