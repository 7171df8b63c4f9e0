"""Servers on the loopback that prove who they are, or someone else; see README.md beside this."""

import hashlib
import socket
import ssl
from pathlib import Path

FOLDER = Path(__file__).parent
CA = str(FOLDER / "ca.pem")


def private(line: socket.socket, certificate: str) -> ssl.SSLSocket:
    """The server's end of a line, with the certificate of that name. Raises ``OSError``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(FOLDER / f"{certificate}.pem")
    return context.wrap_socket(line, server_side=True)


def fingerprint(certificate: str) -> str:
    """SHA-256 of a certificate, in hexadecimal."""
    text = (FOLDER / f"{certificate}.pem").read_text()
    end = "-----END CERTIFICATE-----"
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(text[: text.index(end)] + end)).hexdigest()
