"""Connections to cameras and web servers, and whether these are who the site says.

The one place that judges certificates. libav never does: what is encrypted reaches it decrypted, by
``wallctl.media.rtsp.relay`` or ``wallctl.media.http.reader``.

The library for TLS is loaded where a source needs it, and not before: it takes 3 MB.
"""

import contextlib
import functools
import hashlib
import hmac
import socket
import typing
from collections.abc import Iterator

from wallctl.media.network.camera_address import Address
from wallctl.media.sources.failure_reason import SourceError
from wallctl.model.site.camera_identity import Trust
from wallctl.model.streams.health import Reason

if typing.TYPE_CHECKING:
    import ssl


class UntrustedError(SourceError):
    """A server's certificate is not one that the site trusts."""

    def __init__(self, fingerprint: str) -> None:
        """``fingerprint``: of the certificate, in hexadecimal; empty if that can't be told."""
        super().__init__(Reason.CERTIFICATE)
        self.fingerprint = fingerprint


def connect(address: Address, wait_s: float) -> socket.socket:
    """Open a line to the machine. It is encrypted, and the machine proves who it is, where the
    address says so.

    Raises ``OSError``, and ``UntrustedError``. Each step waits for ``wait_s`` at most.
    """
    line = _dial(address, wait_s)
    if not address.is_private:
        return line
    with _closed_by_faults(line):
        return _encrypt(line, address, wait_s)


def _dial(address: Address, wait_s: float) -> socket.socket:
    line = socket.create_connection((address.host, address.port), wait_s)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return line


def _encrypt(line: socket.socket, address: Address, wait_s: float) -> "ssl.SSLSocket":
    import ssl  # noqa: PLC0415 - see above

    trust = address.trust
    try:
        private = _context(trust).wrap_socket(line, server_hostname=address.host)
    except ssl.SSLCertVerificationError:
        raise UntrustedError(_fingerprint_at(address, wait_s)) from None
    with _closed_by_faults(private):
        found = _fingerprint(private)
        if trust.fingerprint and not hmac.compare_digest(found, trust.fingerprint):
            raise UntrustedError(found)
    return private


@contextlib.contextmanager
def _closed_by_faults(line: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        line.close()
        raise


def _fingerprint_at(address: Address, wait_s: float) -> str:
    """The fingerprint of a certificate that was refused. Python tells only those of accepted
    ones."""
    blind = _any_certificate()
    with (
        contextlib.suppress(OSError),
        _dial(address, wait_s) as line,
        blind.wrap_socket(line, server_hostname=address.host) as private,
    ):
        return _fingerprint(private)
    return ""


def _fingerprint(line: "ssl.SSLSocket") -> str:
    return hashlib.sha256(line.getpeercert(binary_form=True) or b"").hexdigest()


def _context(trust: Trust) -> "ssl.SSLContext":
    if trust.fingerprint or trust.insecure:
        return _any_certificate()
    return _system() if trust.ca is None else _believing(trust.ca)


@functools.cache
def _system() -> "ssl.SSLContext":
    """Reading the system's authorities takes some 20 ms."""
    import ssl  # noqa: PLC0415 - see above

    return ssl.create_default_context()


def _believing(ca: str) -> "ssl.SSLContext":
    import ssl  # noqa: PLC0415 - see above

    try:
        return ssl.create_default_context(cafile=ca)
    except OSError:  # no such file, or no certificate in it
        raise UntrustedError("") from None


@functools.cache
def _any_certificate() -> "ssl.SSLContext":
    """A context for cameras, which sign their own certificates with old algorithms."""
    import ssl  # noqa: PLC0415 - see above

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def authorities() -> tuple[str, ...]:
    """The files and folders where the library looks for the system's authorities."""
    import ssl  # noqa: PLC0415 - see above

    there = ssl.get_default_verify_paths()
    named = (there.cafile, there.capath, there.openssl_cafile, there.openssl_capath)
    return tuple(one for one in named if one)
