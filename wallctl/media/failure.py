"""Why a source gave no pictures: libav's many exceptions as the few reasons that people act on.

No text of an exception leaves this module: libav puts the URL into it, password and all.
"""

import errno

from av import error as av_error

from wallctl.model.health import Reason


class SourceError(Exception):
    """A source can't be used, for a reason that libav did not raise."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.name)
        self.reason = reason


_REASONS: tuple[tuple[tuple[type[BaseException], ...], Reason], ...] = (
    # RTSP answers with HTTP's codes, and libav raises the same errors for both. 403 is what some
    # cameras say to a user without the right to this stream: the account is at fault too.
    (
        (av_error.HTTPUnauthorizedError, av_error.HTTPForbiddenError),
        Reason.BAD_CREDENTIALS,
    ),
    # 400 is how many cameras answer a path that they can't parse.
    ((av_error.HTTPNotFoundError, av_error.HTTPBadRequestError), Reason.NO_SUCH_STREAM),
    # 453 "not enough bandwidth" (too many viewers) is an "other client error"; 5xx will pass.
    ((av_error.HTTPError, av_error.HTTPClientError), Reason.BUSY),
    # ExitError is what an interrupted wait raises.
    ((av_error.TimeoutError, av_error.ExitError, TimeoutError), Reason.TIMED_OUT),
    ((av_error.ConnectionRefusedError,), Reason.UNREACHABLE),
    # The camera hung up, politely or not.
    ((ConnectionError, EOFError), Reason.ENDED),
    (
        (
            *(FileNotFoundError, FileExistsError, NotADirectoryError, IsADirectoryError),
            PermissionError,
        ),
        Reason.FILE_MISSING,
    ),
    # A demuxer, decoder or protocol that this build of libav lacks.
    (
        (av_error.LookupError, av_error.PatchWelcomeError, av_error.NotImplementedError),
        Reason.UNSUPPORTED,
    ),
)

_UNREACHABLE = frozenset(
    # A name that does not resolve comes as EIO.
    {errno.EIO, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EHOSTDOWN, errno.EADDRNOTAVAIL}
)


def reason_of(error: BaseException) -> Reason:
    """The reason for any exception; what is in no table is called broken data."""
    if isinstance(error, SourceError):
        return error.reason
    for kinds, reason in _REASONS:
        if isinstance(error, kinds):
            return reason
    if isinstance(error, OSError | av_error.FFmpegError) and error.errno in _UNREACHABLE:
        return Reason.UNREACHABLE
    return Reason.BROKEN_DATA
