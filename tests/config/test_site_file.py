"""Sites and layouts that are right: those that come with the program, and what is left open."""

from pathlib import Path

import msgspec
import pytest

from tests.support.credentials import own_login
from tests.support.folders import ROOT
from wallctl.config import layout_files as layouts_module
from wallctl.config.schema.json_schema import KINDS, schema_text, write_schemas
from wallctl.config.site_file import (
    check_layouts,
    check_site,
    layout_folder,
    load_site,
    shipped_layouts,
    site_file,
)
from wallctl.model.base.geometry import Area, Fit
from wallctl.model.base.language import Language
from wallctl.model.site.alarm import Alarm, AlarmColour, AlarmPlace, Rights
from wallctl.model.site.alarm_input import HttpInput, LineInput, MqttInput
from wallctl.model.site.credential import Login
from wallctl.model.site.decoder_preference import Hardware
from wallctl.model.site.site import DEFAULT_REFRESH_S, Bezel, Policy, Transport
from wallctl.model.wall.state.state import initial
from wallctl.storage.file_findings import Level

STREET = ROOT / "sites" / "street-centre" / "site.toml"

SITE = """\
schema = 1
name = "gate"
{top}
[[screens]]
name = "left"
width = 1920
height = 1080
[[screens]]
name = "right"
x = 1920
width = 1280
height = 720
{sources}
"""
SOURCE = '[[sources]]\nname = "camera {0}"\nnumber = {0}\nmain = "rtsp://192.0.2.{0}/main"\n'


def written(folder: Path, top: str = "", sources: int = 5, more: str = "") -> Path:
    site = folder / "site.toml"
    listed = "".join(SOURCE.format(n) for n in range(1, sources + 1)) + more
    site.write_text(SITE.format(top=top, sources=listed), encoding="utf-8")
    return site


def test_shipped_layouts() -> None:
    assert check_layouts() == ()
    layouts = shipped_layouts()
    counts = {name: layout.count for name, layout in layouts.items()}
    squares = {f"{n}x{n}": n * n for n in range(1, 9)}
    others = {"wall": 1, "2x3": 6, "1+5": 6, "1+7": 8, "2+8": 10, "1+12": 13}
    assert counts == squares | others
    assert list(counts.values()) == sorted(counts.values())
    assert (layouts["2x3"].columns, layouts["2x3"].rows) == (3, 2)
    assert layouts["1+12"].zh == "一大十二小"
    assert layouts["3x3"].en == "3 x 3"


def test_tiles_of_shipped_layouts_fill_the_grid() -> None:
    for layout in shipped_layouts().values():
        if layout.is_wide:
            continue
        cells = sum(cell.w * cell.h for cell in layout.cells)
        assert cells == layout.columns * layout.rows, layout.name


def test_each_toml_file_names_its_schema() -> None:
    for path in [*layout_folder().glob("*.toml"), *STREET.parent.rglob("*.toml")]:
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        schema = (path.parent / first.removeprefix("#:schema ")).resolve()
        assert schema.parent == ROOT / "schemas"
        assert schema.is_file()


def test_layouts_in_the_package_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "wallctl" / "config"
    monkeypatch.setattr(layouts_module, "__file__", str(package / "layout_files.py"))
    assert layout_folder() == tmp_path / "layouts"
    (package / "layouts").mkdir(parents=True)
    assert layout_folder() == package / "layouts"


def test_the_street_site_has_no_error() -> None:
    findings = [one for one in check_site(STREET) if one.level is Level.ERROR]
    assert findings == []
    site = load_site(STREET)
    assert len(site.sources) == 14
    assert [one.number for one in site.sources] == list(range(1, 15))
    assert all([s.name for s in one.streams] == ["main", "sub"] for one in site.sources)
    assert {one.name for one in site.presets} == {"早班", "夜班", "路口", "防汛", "节假日"}
    assert sorted(name for home in site.home for name in home.tiles if name) == sorted(
        one.name for one in site.sources
    )
    assert site.sources[0].fit is Fit.COVER
    assert set(initial(site).screens) == {"左屏", "右屏"}


PANELS = """\
schema = 1
name = "panels"
[[screens]]
name = "left"
width = 1920
height = 1080
width_mm = 1209
height_mm = 680
bezel_mm = [8, 5, 9, 5]
[[screens]]
name = "right"
x = 1920
width = 1920
height = 1080
width_mm = 1209
height_mm = 680
bezel_mm = 3.5
[[sources]]
name = "camera 1"
number = 1
main = "test:bars"
"""


def test_panels_with_bezels_hang_side_by_side(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(PANELS, encoding="utf-8")
    assert check_site(file) == ()
    left, right = load_site(file).screens
    assert (left.on_wall_mm, left.bezel) == (Area(5, 8, 1209, 680), Bezel(8, 5, 9, 5))
    assert (right.on_wall_mm, right.bezel) == (Area(1222.5, 3.5, 1209, 680), Bezel(*[3.5] * 4))


def test_a_wide_home_covers_the_screens_that_the_file_says_nothing_of(tmp_path: Path) -> None:
    home = '[[home]]\nscreen = "left"\nlayout = "wall"\nsources = [2]\n'
    site = load_site(written(tmp_path, more=home))
    assert [(one.screen, one.layout, one.under) for one in site.home] == [
        ("left", "wall", None),
        ("right", "2x2", "left"),
    ]
    assert initial(site).screens["right"].under == "left"


def test_a_presets_wide_layout_covers_what_the_preset_leaves_out(tmp_path: Path) -> None:
    (tmp_path / "presets").mkdir()
    text = 'schema = 1\n[[screens]]\nscreen = "right"\nlayout = "wall"\ntiles = [2]\n'
    (tmp_path / "presets" / "large.toml").write_text(text, encoding="utf-8")
    [preset] = load_site(written(tmp_path)).presets
    assert [(one.screen, one.layout, one.under) for one in preset.screens] == [
        ("right", "wall", None),
        ("left", "1x1", "right"),
    ]


def test_what_a_source_says_of_itself_goes_before_the_defaults(tmp_path: Path) -> None:
    off = SOURCE.format(6) + '\nhidden = "off"\n'
    site = load_site(written(tmp_path, more=off + '[defaults]\nhidden = "packets"\n'))
    assert [one.hidden for one in site.sources[4:]] == [Policy.PACKETS, Policy.OFF]


def test_how_often_a_picture_is_fetched(tmp_path: Path) -> None:
    still = SOURCE.format(6).replace("rtsp://", "http://") + "\nrefresh_s = 5\n"
    streams = [one.streams[0] for one in load_site(written(tmp_path, more=still)).sources]
    assert [one.refresh_s for one in streams[-2:]] == [DEFAULT_REFRESH_S, 5]


def test_how_many_connections_a_camera_bears(tmp_path: Path) -> None:
    weak = SOURCE.format(6) + "\nconnections = 1\n"
    assert {one.connections for one in load_site(written(tmp_path)).sources} == {2}
    site = load_site(written(tmp_path, more=weak + "[defaults]\nconnections = 3\n"))
    assert [one.connections for one in site.sources[4:]] == [3, 1]


def test_a_site_names_the_shape_of_a_source_or_of_a_stream(tmp_path: Path) -> None:
    said = ['aspect = "16:9"', 'aspect = { sub = "4:3" }', 'aspect.main = "9:16"', ""]
    more = "".join(
        f'{SOURCE.format(n)}sub = "rtsp://192.0.2.{n}/sub"\n{one}\n'
        for n, one in enumerate(said, 6)
    )
    sources = load_site(written(tmp_path, more=more)).sources[5:]
    wide, old = 16 / 9, 4 / 3
    assert [one.shapes for one in sources] == [
        {"main": wide, "sub": wide}, {"sub": old}, {"main": 9 / 16}, {},
    ]  # fmt: skip


def test_what_a_site_leaves_open(tmp_path: Path) -> None:
    site = load_site(written(tmp_path))
    assert site.layout_keys == (*(f"{n}x{n}" for n in range(1, 9)), "1+5")
    assert [(one.screen, one.layout) for one in site.home] == [("left", "2x2"), ("right", "2x2")]
    assert site.home[0].tiles == ("camera 1", "camera 2", "camera 3", "camera 4")
    assert site.home[1].tiles == ("camera 5",)
    assert (site.fit, site.clock, site.font) == (Fit.CONTAIN, True, None)
    assert site.keep_awake
    assert site.hardware is Hardware.AUTO
    assert site.sources[0].streams[0].transport is Transport.TCP
    assert site.presets == ()


def test_a_screen_without_home_gets_the_sources_that_have_no_place(tmp_path: Path) -> None:
    home = '[[home]]\nscreen = "right"\nlayout = "2x2"\nsources = ["camera 2", "", 4]\n'
    site = load_site(written(tmp_path, more=home))
    assert site.home[0].tiles == ("camera 1", "camera 3", "camera 5")
    assert site.home[0].layout == "2x2"
    assert site.home[1].tiles == ("camera 2", None, "camera 4")


def test_own_layouts_win_and_further_folders_win_over_them(tmp_path: Path) -> None:
    for folder, title in (("layouts", "own"), ("more", "more")):
        (tmp_path / folder).mkdir()
        for name in ("2x2", f"only-{folder}"):
            text = f'schema = 1\ntitle = "{title}"\ncolumns = 1\nrows = 2\n'
            (tmp_path / folder / f"{name}.toml").write_text(text)
    assert load_site(written(tmp_path)).layouts["2x2"].zh == "own"
    site = load_site(written(tmp_path, 'layouts = ["more"]\nkeys = ["only-more"]'))
    assert site.layouts["2x2"].zh == "more"
    assert site.layouts["only-layouts"].count == 2
    assert site.layouts["3x3"].zh == "九宫格"


def test_the_account_of_a_camera(tmp_path: Path) -> None:
    secret = tmp_path / "cameras.toml"
    account = (
        'user = "operator"\npassword = "hunter2"\nhosts = ["192.0.2.0/24", "b"]\nbasic = true\n'
    )
    secret.write_text(account)
    secret.chmod(0o600)
    more = 'credential = "all"\nsub = "test:bars"\ntransport = "udp"\n'
    more += '[credentials]\nall = "cameras.toml"\n'
    path = written(tmp_path, more=more)
    assert check_site(path) == ()
    site = load_site(path)
    main, sub = site.sources[-1].streams
    assert own_login(main) == Login("operator", "hunter2", ("192.0.2.0/24", "b"), basic=True)
    assert main.login is None
    assert main.transport is Transport.UDP
    assert sub.credential is None
    assert site.sources[0].streams[0].credential is None
    assert "hunter2" not in repr(site)


def test_paths_are_relative_to_the_site_file(tmp_path: Path) -> None:
    (tmp_path / "gate.mp4").write_bytes(b"")
    (tmp_path / "font.ttf").write_bytes(b"")
    more = '[[sources]]\nname = "gate"\nnumber = 9\nmain = "gate.mp4"\n'
    path = written(tmp_path, more=more + '[defaults]\nfont = "font.ttf"\nclock = false\n')
    assert check_site(path) == ()
    site = load_site(path)
    assert site.sources[-1].streams[0].url == str(tmp_path.resolve() / "gate.mp4")
    assert site.font == str(tmp_path.resolve() / "font.ttf")
    assert site.clock is False


@pytest.mark.parametrize("hardware", list(Hardware))
def test_decoding_in_hardware_is_the_engineers_choice(hardware: Hardware, tmp_path: Path) -> None:
    more = f'[decoding]\nhardware = "{hardware.value}"\n'
    assert load_site(written(tmp_path, more=more)).hardware is hardware


def test_keys_and_presets_are_spelt_in_one_way(tmp_path: Path) -> None:
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "night.toml").write_text(
        'schema = 1\n[[screens]]\nscreen = "left"\nlayout = "2x2"\ntiles = [3, "", "camera 1"]\n'
    )
    more = '[hotkeys]\n"shift + ctrl + f2" = "preset night"\nF3 = "show 003 left/2"\n'
    site = load_site(written(tmp_path, more=more))
    assert site.hotkeys == {"Ctrl+Shift+F2": "preset night", "F3": "show 003 left/2"}
    (preset,) = site.presets
    assert (preset.name, preset.zh, preset.en) == ("night", "night", "night")
    assert preset.screens[0].tiles == ("camera 3", None, "camera 1")


def test_alarms_and_where_they_are_shown(tmp_path: Path) -> None:
    (tmp_path / "horn.wav").touch()
    more = (
        '[[alarms]]\nname = "gate"\nsource = 2\n'
        '[[alarms]]\nname = "fire"\nsource = "camera 1"\nat = ["left/2", "right"]\n'
        'hold_s = 0\npriority = 9\ncolour = "amber"\nsound = "horn.wav"\ntext = "火"\n'
    )
    gate, fire = load_site(written(tmp_path, more=more)).alarms
    assert gate == Alarm("gate", "camera 2", (AlarmPlace("left"),))
    assert fire == Alarm(
        "fire",
        "camera 1",
        (AlarmPlace("left", 2), AlarmPlace("right")),
        text="火",
        priority=9,
        hold_ns=None,
        colour=AlarmColour.AMBER,
        sound=str(tmp_path / "horn.wav"),
    )
    assert [fire.words(language) for language in Language] == ["火", "火"]


def test_alarms_are_shown_where_the_site_says_for_all(tmp_path: Path) -> None:
    more = '[[alarms]]\nname = "gate"\nsource = 2\n'
    top = '[defaults]\nalarms_at = ["right/1"]'
    site = load_site(written(tmp_path, top=top, more=more))
    assert site.alarms[0].at == site.alarm_at == (AlarmPlace("right", 1),)


def test_where_alarms_come_from(tmp_path: Path) -> None:
    login = tmp_path / "nvr.toml"
    login.write_text('user = "nvr"\npassword = "s3cret"\n')
    login.chmod(0o600)
    top = '[credentials]\nnvr = "nvr.toml"'
    more = (
        '[inputs]\nhttp = { port = 8088, credential = "nvr" }\nmqtt = {}\n'
        '[[inputs.lines]]\npath = "contacts"\nalarms = { 1 = "camera 1", door = "2" }\n'
        '[[inputs.lines]]\npath = "/dev/ttyS0"\nalarms = {}\nbaud = 115200\n'
    )
    site = load_site(written(tmp_path, top=top, more=more))
    http = site.inputs[0]
    assert isinstance(http, HttpInput)
    assert own_login(http) == Login("nvr", "s3cret")
    assert site.inputs == (
        HttpInput(8088, credential=http.credential),
        MqttInput("127.0.0.1", 1883, "wallctl/alarm"),
        LineInput(str(tmp_path / "contacts"), {"1": "camera 1", "door": "2"}, 9600),
        LineInput("/dev/ttyS0", {}, 115200),
    )
    assert load_site(written(tmp_path)).inputs == ()


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("", {"gate", "gap", "sos"}),
        ("alarms = []", set()),
        ('alarms = ["sos"]', {"sos"}),
        ('alarms = ["ga*", "2"]', {"gate", "gap", "camera 2"}),
        ('alarms = ["*"]', {"gate", "gap", "sos"}),
        ('alarms = ["sos"]\nsources = true', {"sos", *(f"camera {n}" for n in range(1, 6))}),
    ],
)
def test_callers_may_raise_what_the_site_says(tmp_path: Path, said: str, names: set[str]) -> None:
    alarms = "".join(
        f'[[alarms]]\nname = "{name}"\nsource = 1\n' for name in ("gate", "gap", "sos")
    )
    more = f"{alarms}[inputs.http]\nport = 8088\n{said}\n[inputs.mqtt]\n{said}\ntext = true\n"
    http, mqtt = load_site(written(tmp_path, more=more)).inputs
    assert isinstance(http, HttpInput)
    assert isinstance(mqtt, MqttInput)
    assert http.may == Rights(frozenset(names))
    assert mqtt.may == Rights(frozenset(names), text=True)


@pytest.mark.parametrize("name", KINDS)
def test_schemas_are_up_to_date(name: str, tmp_path: Path) -> None:
    kept = (ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    assert kept == schema_text(KINDS[name]), "run: python -m wallctl.config.schema.json_schema"
    write_schemas(tmp_path)
    assert (tmp_path / f"{name}.json").read_text(encoding="utf-8") == kept
    assert msgspec.json.decode(kept)["$schema"].startswith("https://json-schema.org/")


def test_a_site_may_be_named_by_its_folder(tmp_path: Path) -> None:
    path = written(tmp_path)
    assert site_file(path.parent) == path.parent / "site.toml"
    assert site_file(path) == path
    assert site_file(tmp_path / "nowhere") == tmp_path / "nowhere"
