"""Which of a site's pictures fit this machine, and the warning where some don't."""

from collections.abc import Iterator

from wallctl.cli.plan_inputs import Here, here, known_formats
from wallctl.model.planning.plan import Known, Plan, plan
from wallctl.model.site.site import Site
from wallctl.model.streams.failover import backups
from wallctl.model.wall.scene.resolve import resolve
from wallctl.model.wall.scene.scene import Scene
from wallctl.model.wall.scene.selectable_scenes import HOME, pictures, with_layout
from wallctl.model.wall.state.state import WallState

Plans = dict[str, Plan]
"""By the name of the picture; home is the first, if it is there."""


def plans_of(
    site: Site, where: Here, layout: str | None = None, told: Known | None = None
) -> Plans:
    """The plan of a layout, or of home and of all else that a key brings.

    ``told`` holds what cameras deliver, where they were asked. Raises ``CommandError`` if there is
    no such layout.
    """
    known = {**known_formats(site), **(told or {})}
    states = pictures(site) if layout is None else [(f"layout {layout}", with_layout(site, layout))]
    scenes = (one for name, state in states for one in _scenes(name, state, site))
    return {name: plan(site, scene, known, where.machine) for name, scene in scenes}


def _scenes(name: str, state: WallState, site: Site) -> Iterator[tuple[str, Scene]]:
    """A picture, and the same with a backup in each tile whose source has one."""
    scene, backed_up = resolve(state, site), resolve(state, site, backups(site))
    yield name, scene
    if backed_up != scene:
        yield f"{name}, with all its backups", backed_up


def verdict(found: Plan, where: Here) -> str:
    """``fits: 0.62 of 2 cores``, or by how much it is over."""
    use = f"{found.cores:.2f} of {where.machine.cores:g} cores"
    return f"fits: {use}" if found.fits else f"over: {use}, {found.budget_cores:.2f} can be used"


def overload(site: Site, windowed: bool) -> Iterator[str]:
    """What a person should know before a wall starts: which of its pictures are over.

    Nothing where this machine was never measured: a guess is not worth a warning.
    """
    where = here(windowed)
    if where.calibrated is None:
        return
    over = {name: one for name, one in plans_of(site, where).items() if not one.fits}
    home = over.pop(HOME, None)
    if home is not None:
        yield f"the home picture is too much for this machine, {verdict(home, where)}"
    if over:
        yield f"too much for this machine, were it shown: {', '.join(over)}"
