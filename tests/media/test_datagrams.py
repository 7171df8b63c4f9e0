"""How long a silence of a sender that nobody calls is borne."""

import pytest

from wallctl.media.sources import datagrams
from wallctl.media.sources.datagrams import LISTEN_S, MOST_SILENCE_US, SILENCE_US, Listening
from wallctl.media.sources.demuxer import Opening
from wallctl.model.site.site import Stream
from wallctl.model.streams.health import Reason

SOURCE = Stream("main", "udp://127.0.0.1:5000")


@pytest.fixture
def openings(monkeypatch: pytest.MonkeyPatch) -> list[Opening]:
    """What was opened, by a libav that is not there."""
    found: list[Opening] = []
    monkeypatch.setattr(datagrams, "open_url", lambda _url, _source, opening: found.append(opening))
    return found


def test_what_sends_something_and_ceases_is_borne_twice_as_long(openings: list[Opening]) -> None:
    listening = Listening(SOURCE)
    for expected_us in (SILENCE_US, 2 * SILENCE_US, 4 * SILENCE_US, MOST_SILENCE_US):
        listening.call()
        assert openings[-1].options(SOURCE) == {"timeout": str(expected_us)}
        assert listening.silence_ns == expected_us * 1000
        limit_s = openings[-1].opens_within_s
        assert limit_s is not None
        assert limit_s >= max(LISTEN_S, 2 * expected_us / 1e6)
        assert listening.fruitless(Reason.TIMED_OUT, packets=1) is Reason.TIMED_OUT
    listening.brief()
    assert listening.silence_ns == MOST_SILENCE_US * 1000


def test_where_nothing_comes_nothing_is_learned() -> None:
    listening = Listening(SOURCE)
    listening.fruitless(Reason.TIMED_OUT, packets=0)
    assert listening.silence_ns == SILENCE_US * 1000
