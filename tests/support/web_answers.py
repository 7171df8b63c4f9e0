"""Answers of scripted web servers, and the reasons that follow from them."""

from collections.abc import Callable

import pytest

from tests.support.scripted_camera import PASSWORD, USER
from tests.support.servers.web_camera import Answer, head
from wallctl.media.sources.failure_reason import reason_of
from wallctl.model.site.credential import Login
from wallctl.model.streams.health import Reason

ELSEWHERE = "127.0.0.2"
LOGIN = Login(USER, PASSWORD, ("127.0.0.1",))


def answering(status: int, *fields: str) -> Answer:
    said = head(*fields, "Content-Length: 0", status=f"{status} As Told")
    return lambda peer: peer.sendall(said)


def fault_of(attempt: Callable[[], object]) -> Reason:
    with pytest.raises(Exception) as raised:
        attempt()
    return reason_of(raised.value)
