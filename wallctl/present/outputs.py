"""The outputs of a display as values, and which of them a screen hangs on. Knows nothing of X."""

from collections.abc import Sequence

import msgspec

from wallctl.model.edid import Edid
from wallctl.model.near import near
from wallctl.present.display_error import DisplayError


class Output(msgspec.Struct, frozen=True):
    """An output in use: its XRandR name, its pixels on the display, its refresh rate, its monitor.

    ``str`` gives its name and, if the monitor tells it, the monitor's text.
    """

    name: str
    x_px: int
    y_px: int
    width_px: int
    height_px: int
    refresh_hz: float
    edid: Edid | None = None

    def __str__(self) -> str:
        return self.name if self.edid is None else f"{self.name} ({self.edid})"

    def holds(self, x_px: int, y_px: int) -> bool:
        """Whether it shows that pixel of the display."""
        return (
            self.x_px <= x_px < self.x_px + self.width_px
            and self.y_px <= y_px < self.y_px + self.height_px
        )


def find_output(
    outputs: Sequence[Output], name: str | None, edid: str | None = None
) -> Output | None:
    """The output with that monitor, else the one of that name; ``None`` if neither is asked for.

    The name also decides between monitors that answer to the same text. Raises ``DisplayError``,
    which tells the outputs that there are.
    """
    fitting = [output for output in outputs if edid is not None and _has(output, edid)]
    if len(fitting) == 1:
        return fitting[0]
    named = next((output for output in outputs if output.name == name), None)
    if named is None and edid is not None:
        raise DisplayError(_no_monitor(outputs, edid, fitting))
    if named is None and name is not None:
        hint = _hint(name, [output.name for output in outputs], outputs)
        raise DisplayError(f"The display has no output {name!r} that is switched on: {hint}")
    return named


def _has(output: Output, edid: str) -> bool:
    return output.edid is not None and output.edid.answers_to(edid)


def _no_monitor(outputs: Sequence[Output], edid: str, fitting: Sequence[Output]) -> str:
    if fitting:
        return (
            f"Several monitors answer to {edid!r}, {_listed(fitting)}: put the whole text of one"
            " into the site file, or add its output."
        )
    words = [word for output in outputs if output.edid for word in output.edid.words]
    return f"No output of the display has a monitor {edid!r}: {_hint(edid, words, outputs)}"


def _hint(wanted: str, known: Sequence[str], outputs: Sequence[Output]) -> str:
    meant = near(wanted, known)
    likely = f"did you mean {' or '.join(meant)}? " if meant else ""
    return f"{likely}there are: {_listed(outputs)}."


def _listed(outputs: Sequence[Output]) -> str:
    return ", ".join(map(str, outputs))
