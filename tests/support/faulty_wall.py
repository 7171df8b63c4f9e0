"""A wall that can't draw some texts.

``python -m tests.support.faulty_wall`` takes the words of wallctl.

A library that draws fails at a text that nobody thought of. Here it raises for one that holds
``RAISES``, and ends its process by a signal, as a fault in native code does, for ``CRASHES``. An
input whose line is called ``DIES`` ends as it begins.
"""

import os
import signal
import typing

from wallctl.alarm_inputs import listener_process as inputs
from wallctl.cli import main
from wallctl.display.text.text_line import Face
from wallctl.model.site.alarm_input import Input, LineInput

RAISES, CRASHES, DIES = "雷", "崩", "broken-line"

_clean_width = Face._width
_hear = vars(inputs)["run"]


def _width(face: Face, text: str, px: int) -> int:
    """The seam: all that writes measures first."""
    if RAISES in text:
        raise RuntimeError("raqm_layout() failed.")
    if CRASHES in text:
        os.kill(os.getpid(), signal.SIGSEGV)
    return _clean_width(face, text, px)


def _run(given: Input, *rest: typing.Any, **more: typing.Any) -> None:
    if isinstance(given, LineInput) and DIES in given.path:
        raise RuntimeError("this line can't be opened")
    _hear(given, *rest, **more)


def break_it() -> None:
    """From now on this process, and all that are forked from it, fail."""
    type.__setattr__(Face, "_width", _width)
    vars(inputs)["run"] = _run


if __name__ == "__main__":
    break_it()
    main()
