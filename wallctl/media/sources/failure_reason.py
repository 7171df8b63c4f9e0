"""Why a source gave no pictures: libav's many exceptions as the few reasons that people act on.

No text of an exception leaves this module: libav puts the URL into it, password and all.
"""

import errno
import socket
import sys

from av import error as av_error

from wallctl.model.streams.health import Reason


class SourceError(Exception):
    """A source can't be used, for a reason that libav did not raise."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason


_OF_STATUS: tuple[tuple[frozenset[int], Reason], ...] = (
    # 400 and 451 are how many cameras answer a path that they can't parse; 405 says that the path
    # is nothing that can be looked at.
    (frozenset({400, 404, 405, 410, 414, 451}), Reason.NO_SUCH_STREAM),
    (frozenset({401}), Reason.BAD_CREDENTIALS),
    # 423: the account or the channel is locked.
    (frozenset({402, 403, 423}), Reason.FORBIDDEN),
    (frozenset({407, 511}), Reason.LOGIN_UNSUPPORTED),
    (frozenset({408, 504}), Reason.TIMED_OUT),
    (frozenset({406, 415}), Reason.UNSUPPORTED),
    # 453 and 509 are "not enough bandwidth": too many viewers.
    (frozenset({429, 453, 503, 509}), Reason.BUSY),
    (frozenset({461}), Reason.NO_TRANSPORT),
)
"""What a status of RTSP (RFC 2326, 7.1.1) or HTTP (RFC 9110, 15) means; any other one is a fault of
the camera."""

_REASONS: tuple[tuple[tuple[type[BaseException], ...], Reason], ...] = (
    # RTSP answers with HTTP's codes, and libav raises the same errors for both.
    ((av_error.HTTPUnauthorizedError,), Reason.BAD_CREDENTIALS),
    ((av_error.HTTPForbiddenError,), Reason.FORBIDDEN),
    ((av_error.HTTPNotFoundError, av_error.HTTPBadRequestError), Reason.NO_SUCH_STREAM),
    ((av_error.HTTPTooManyRequestsError,), Reason.BUSY),
    ((av_error.HTTPError, av_error.HTTPClientError), Reason.CAMERA_FAULT),
    # ExitError is what an interrupted wait raises.
    ((av_error.TimeoutError, av_error.ExitError, TimeoutError), Reason.TIMED_OUT),
    ((ConnectionRefusedError,), Reason.PORT_CLOSED),
    ((socket.gaierror,), Reason.NAME_UNKNOWN),
    # The camera hung up, politely or not.
    ((ConnectionError, EOFError), Reason.ENDED),
    (
        (
            *(FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError),
            PermissionError,
        ),
        Reason.FILE_MISSING,
    ),
    ((MemoryError,), Reason.NO_RESOURCES),
    # A demuxer, decoder or protocol that this build of libav lacks.
    (
        (av_error.LookupError, av_error.PatchWelcomeError, av_error.NotImplementedError),
        Reason.UNSUPPORTED,
    ),
)

_OF_SYSTEM: tuple[tuple[frozenset[int], Reason], ...] = (
    (
        frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.ENETDOWN}),
        Reason.UNREACHABLE,
    ),
    (frozenset({errno.EADDRNOTAVAIL}), Reason.UNREACHABLE),
    # EIO is libav's word for an answer that stops in its midst.
    (frozenset({errno.EIO, errno.ENETRESET, errno.ENOTCONN, errno.EPROTO}), Reason.ENDED),
    (frozenset({errno.EPROTONOSUPPORT}), Reason.NO_TRANSPORT),
    (frozenset({errno.ENOSYS}), Reason.UNSUPPORTED),
    (
        frozenset({errno.ENOMEM, errno.ENOBUFS, errno.EMFILE, errno.ENFILE, errno.EADDRINUSE}),
        Reason.NO_RESOURCES,
    ),
)
"""What the system's errors mean, where their kind does not say it."""


_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST"})
"""What OpenSSL calls a first answer that is no TLS at all."""


def reason_of(error: BaseException) -> Reason:
    """The reason for any exception; what is in no table is called broken data."""
    if isinstance(error, SourceError):
        return error.reason
    if reason := _of_tls(error):
        return reason
    for kinds, reason in _REASONS:
        if isinstance(error, kinds):
            return reason
    if _is_of_http(error):
        return Reason.ENDED
    number = error.errno if isinstance(error, OSError | av_error.FFmpegError) else None
    return next((reason for codes, reason in _OF_SYSTEM if number in codes), Reason.BROKEN_DATA)


def _of_tls(error: BaseException) -> Reason | None:
    """The reason for an error of TLS. The library is loaded only where a source needs it."""
    ssl = sys.modules.get("ssl")
    if ssl is None or not isinstance(error, ssl.SSLError):
        return None
    if error.reason in _NO_TLS:
        return Reason.OTHER_PROTOCOL
    ended = isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)
    return Reason.ENDED if ended else Reason.CAMERA_FAULT  # it speaks no TLS that is safe


def _is_of_http(error: BaseException) -> bool:
    """Whether an answer of a web server broke off in its midst."""
    http = sys.modules.get("http.client")
    return http is not None and isinstance(error, http.HTTPException)


def reason_of_status(status: int) -> Reason:
    """The reason for a status with which a server does not grant a request."""
    if 300 <= status < 400:
        return Reason.REDIRECTED
    return next((reason for codes, reason in _OF_STATUS if status in codes), Reason.CAMERA_FAULT)
