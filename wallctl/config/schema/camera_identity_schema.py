"""What files say of other machines: which are meant, and how they prove who they are."""

import typing
from typing import Annotated

from msgspec import Meta

from wallctl.config.schema.common_schema import END, AsWritten

LoginHosts = Annotated[
    tuple[str, ...],
    Meta(
        max_length=64,
        description="账号只发给这些主机：名称、地址或网段。The machines that the login is for: "
        'names, addresses, or networks, as "192.0.2.0/24".',
    ),
]
SourceHosts = Annotated[
    tuple[str, ...],
    Meta(
        max_length=64,
        description="播放列表和跳转还可指向的主机。Machines besides its own that a web server's "
        "playlists and redirects may name.",
    ),
]
Basic = Annotated[
    bool,
    Meta(
        description="允许明文登录（Basic）。Whether the password may go out in the clear (Basic)."
    ),
]
Authority = Annotated[
    AsWritten,
    Meta(
        description="信任的证书颁发机构文件（PEM）。File of the authority that is believed for "
        "rtsps:// and https:// (PEM)."
    ),
]
Fingerprint = Annotated[
    str,
    Meta(
        pattern=rf"^([0-9A-Fa-f]{{2}}:?){{31}}[0-9A-Fa-f]{{2}}{END}",
        description="摄像机证书的 SHA-256 指纹。SHA-256 of the camera's certificate.",
        extra={"words": "64 hexadecimal digits, as wallctl plan --probe tells them"},
    ),
]
TlsCheck = Annotated[
    typing.Literal["verify", "insecure"],
    Meta(
        description="insecure 不核对证书。insecure: any certificate will do, a stranger's as well."
    ),
]
