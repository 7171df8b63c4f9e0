"""How a source recognises its own camera."""

import msgspec


class Trust(msgspec.Struct, frozen=True):
    """How a camera or a web server proves who it is where the line is encrypted (TLS)."""

    ca: str | None = None
    """File of the authorities that are believed; ``None``: those that the system believes."""
    fingerprint: str = ""
    """SHA-256 of the one certificate that is believed, in hexadecimal; empty: see ``ca``."""
    insecure: bool = False
    """Whether any certificate will do."""
