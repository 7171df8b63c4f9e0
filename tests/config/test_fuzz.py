"""Whatever a person does to a good site file: findings or a site whose names all resolve."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.folders import ROOT
from wallctl.config.site_file import check_site, load_site
from wallctl.model.site.site import Site
from wallctl.model.wall.state.screen_state import shown
from wallctl.model.wall.state.state import initial
from wallctl.storage.file_findings import FilesError, Level

STREET = ROOT / "sites" / "street-centre"
LINES = (STREET / "site.toml").read_text(encoding="utf-8").splitlines()
PIECES = [
    *("[[sources]]", "[[screens]]", "[[home]]", "[defaults]", "schema = 1", "x = 1920", "]", "["),
    *("name = ''", "number = 7", "number = -1", "main = 3", "sources = [1, [2], {}]", "fit = 1"),
    *("keys = [[]]", "hotkeys = 1", "credentials = []", 'layouts = [""]', "screen = 1", "\0", '"'),
    *("title = nan", "y = inf", "width = 1e400", "height = 0x40", "name = 1979-05-27", "home = {}"),
]
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "double", "before", "instead"]),
        st.integers(0, len(LINES) - 1),
        st.sampled_from(PIECES) | st.text(max_size=10),
    ),
    min_size=1,
    max_size=6,
)


def edited(edits: list[tuple[str, int, str]]) -> str:
    lines = list(LINES)
    for what, index, text in edits:
        lines[index] = {
            "delete": "",
            "double": f"{lines[index]}\n{lines[index]}",
            "before": f"{text}\n{lines[index]}",
            "instead": text,
        }[what]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("street")
    (folder / "presets").symlink_to(STREET / "presets")
    return folder


def all_names_resolve(site: Site) -> bool:
    screens = [*site.home, *(one for preset in site.presets for one in preset.screens)]
    names = [name for one in screens for name in one.tiles if name is not None]
    return (
        all(site.source(name) for name in names)
        and all(site.screen(one.screen) for one in screens)
        and all(one.layout in site.layouts for one in screens)
        and all(name in site.layouts for name in site.layout_keys)
        and [one.screen for one in site.home] == [one.name for one in site.screens]
    )


@settings(max_examples=150, deadline=None)
@given(edits=EDITS)
def test_an_edited_site(folder: Path, edits: list[tuple[str, int, str]]) -> None:
    path = folder / "site.toml"
    path.write_text(edited(edits), encoding="utf-8", errors="replace")
    findings = check_site(path)
    assert all("\n" not in str(finding) for finding in findings)
    if any(finding.level is Level.ERROR for finding in findings):
        with pytest.raises(FilesError):
            load_site(path)
    else:
        site = load_site(path)
        assert all_names_resolve(site)
        state = initial(site)
        assert all(shown(screen, site) for screen in state.screens.values())


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes(folder: Path, content: bytes) -> None:
    path = folder / "site.toml"
    path.write_bytes(content)
    assert check_site(path)
