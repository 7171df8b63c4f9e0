"""All texts on a wall that the people of the site wrote, each with its owner. Pure."""

from collections.abc import Iterable, Iterator

from wallctl.model.site.layout import Layout
from wallctl.model.site.site import Group, Preset, Site, Tour


def list_texts(site: Site) -> Iterator[tuple[str, str]]:
    """Yield each text's owner and the text itself; the owner is such as ``source 东门``."""
    yield "the site's name", site.name
    for kind, named in (
        ("screen", site.screens), ("source", site.sources), ("broadcast", site.broadcasts),
    ):  # fmt: skip
        for one in named:
            yield f"{kind} {one.name}", one.name
    for alarm in site.alarms:
        for text in (alarm.name, alarm.text, alarm.text_en):
            yield f"alarm {alarm.name}", text
    titled: tuple[tuple[str, Iterable[Layout | Preset | Group | Tour]], ...] = (
        ("layout", site.layouts.values()),
        ("preset", site.presets),
        ("group", site.groups),
        ("tour", site.tours),
    )
    for kind, ones in titled:
        for item in ones:
            for text in (item.name, item.zh, item.en):
                yield f"{kind} {item.name}", text
