"""A login that came by the command line, put where it can be read and nobody sees it: into a file
without a name, of mode 0600, that is gone with the wall's processes."""

import json
import os
from pathlib import Path

from wallctl.model.site.credential import Login
from wallctl.supervisor.open_file_limit import SECRET


def memory_login(login: Login) -> int:
    """The descriptor of a new file with the login. A program that this one becomes has it too."""
    fd = os.memfd_create(f"{SECRET}-login", 0)
    os.fchmod(fd, 0o600)
    lines = [
        f"user = {_quoted(login.user)}",
        f"password = {_quoted(login.password)}",
        f"hosts = [{', '.join(map(_quoted, login.hosts))}]",
        "",
    ]
    os.write(fd, "\n".join(lines).encode())
    return fd


def memory_file(fd: int) -> Path:
    """The path by which this process and its children open it."""
    return Path(f"/dev/fd/{fd}")


def _quoted(text: str) -> str:
    """A text as TOML writes it: as JSON does, except one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
