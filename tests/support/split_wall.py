"""A wall whose two sides run in processes of their own, as ``python -m tests.support.split_wall``.

Nothing is between them but their messages, over a socket in the folder of the test.
"""

import os
import sys
from pathlib import Path

from wallctl.config.site_file import load_site
from wallctl.controller.start_wall import start
from wallctl.node.setup import Options, Side, Split

SOCKET = "node.sock"


def main(side: str, file: str, folder: str) -> int:
    """Run one side; a node shows windows where it finds a display."""
    options = Options(
        load_site(Path(file)),
        f"ipc://{folder}/control.sock",
        headless="DISPLAY" not in os.environ,
        file=Path(file),
        split=Split(Side(side), Path(folder) / SOCKET),
        snapshots=Path(folder) / "snapshots",
    )
    return start(options)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
