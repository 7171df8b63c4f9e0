"""The fourteen cameras of ``wallctl demo``: their numbers, names and scenes.

It knows which scene belongs to which camera, and nothing of encoding.
"""

from collections.abc import Callable

import msgspec

from wallctl.demo import night_scenes, open_air_scenes, street_scenes, town_scenes
from wallctl.demo.brush import Stage
from wallctl.demo.motion import Mover


class DemoCamera(msgspec.Struct, frozen=True):
    """One demo camera. ``scene`` is its key in ``SCENES`` and part of its file names."""

    number: int
    name: str
    en: str
    scene: str


CAMERAS: tuple[DemoCamera, ...] = (
    DemoCamera(1, "文化广场", "Culture Square", "square"),
    DemoCamera(2, "东门路口", "East Gate Crossing", "crossing"),
    DemoCamera(3, "河滨公园", "Riverside Park", "park"),
    DemoCamera(4, "清江码头", "Qingjiang Pier", "river"),
    DemoCamera(5, "实验小学", "Primary School", "school"),
    DemoCamera(6, "农贸市场", "Farmers' Market", "market"),
    DemoCamera(7, "一号停车场", "Car Park 1", "parking"),
    DemoCamera(8, "地铁A口", "Metro Entrance A", "metro"),
    DemoCamera(9, "长虹大桥", "Changhong Bridge", "bridge"),
    DemoCamera(10, "人民路公交站", "Renmin Road Bus Stop", "bus-stop"),
    DemoCamera(11, "灯笼巷", "Lantern Alley", "lanterns"),
    DemoCamera(12, "北山步道", "North Hill Path", "snow"),
    DemoCamera(13, "滨江商务区", "Riverfront Towers", "sunset"),
    DemoCamera(14, "环城南路", "South Ring Road", "rain"),
)

SCENES: dict[str, Callable[[Stage], list[Mover]]] = {
    "square": open_air_scenes.square,
    "crossing": street_scenes.crossing_day,
    "park": open_air_scenes.park,
    "river": open_air_scenes.river,
    "school": town_scenes.school,
    "market": town_scenes.market,
    "parking": street_scenes.parking_lot,
    "metro": town_scenes.metro,
    "bridge": street_scenes.great_bridge,
    "bus-stop": street_scenes.bus_stop,
    "lanterns": night_scenes.lantern_alley,
    "snow": open_air_scenes.snow,
    "sunset": night_scenes.sunset,
    "rain": street_scenes.rainy_night,
}
