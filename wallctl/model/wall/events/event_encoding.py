"""How an event is written: a JSON object whose ``event`` says what it is."""

import msgspec


def _snake(name: str) -> str:
    """A class's name as a tag: ``LeaseEnded`` is ``lease_ended``."""
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name).lstrip("_")


class Tagged(msgspec.Struct, frozen=True, tag_field="event", tag=_snake):
    """One thing that has happened."""
