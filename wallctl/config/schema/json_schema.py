"""JSON schemas of the files, for completion in editors, and of what is published of the wall.

``python -m wallctl.config.schema.json_schema`` writes them.
"""

from pathlib import Path

import msgspec

from wallctl.config.schema.layout_schema import RawFreeLayout, RawLayout, RawPreset
from wallctl.config.schema.site_schema import RawSite
from wallctl.model.wall.events.event_record import Happening

KINDS: dict[str, tuple[type[msgspec.Struct], ...]] = {
    "layout": (RawLayout, RawFreeLayout),
    "preset": (RawPreset,),
    "site": (RawSite,),
    "event": (Happening,),
}
"""What each kind of file may hold, by the name of its schema; ``event`` is the topic of events."""


def schema_text(kinds: tuple[type[msgspec.Struct], ...]) -> str:
    """The JSON schema of one kind of file, as it is kept."""
    whole, parts = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    schema = {
        **(whole[0] if len(whole) == 1 else {"anyOf": list(whole)}),
        "$defs": parts,
        "$schema": "https://json-schema.org/draft/2020-12/schema",
    }
    encoded = msgspec.json.encode(schema, order="sorted")
    return msgspec.json.format(encoded, indent=2).decode() + "\n"


def write_schemas(folder: Path) -> None:
    """Write all schemas into a folder. Raises ``OSError``."""
    for name, kind in KINDS.items():
        (folder / f"{name}.json").write_text(schema_text(kind), encoding="utf-8")


if __name__ == "__main__":
    write_schemas(Path(__file__).parents[3] / "schemas")
