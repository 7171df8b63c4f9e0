"""One recorder, one login, many cameras: who is called, and what the tiles of the others say."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from tests.support.controller_harness import Office, small_site
from tests.support.credentials import ACCOUNT
from wallctl.model.site.site import Site
from wallctl.model.streams.health import Phase, Reason
from wallctl.shm.stream_status import Word

SUBS = [(f"摄像机{i}", "sub") for i in range(1, 5)]
WORKERS = [f"worker:{source}/{stream}" for source, stream in SUBS]


def recorder() -> Site:
    """Every source is a channel of one recorder, with one account."""
    site = small_site()
    return replace(
        site,
        sources=tuple(
            replace(
                source,
                streams=tuple(
                    replace(s, url=f"rtsp://192.0.2.1/{source.number}/{s.name}", credential=ACCOUNT)
                    for s in source.streams
                ),
            )
            for source in site.sources
        ),
    )


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office(recorder())
    office.open()
    yield office
    office.close()


def running(office: Office) -> list[str]:
    return sorted(name for name in office.crew.members if name.startswith("worker"))


def says(office: Office, index: int, phase: Phase, reason: Reason = Reason.NONE) -> None:
    """A worker tells of its stream; then a second passes."""
    words = office.words(SUBS[index])
    words[Word.PHASE], words[Word.REASON] = phase, reason
    later(office)


def later(office: Office, ms: int = 1000) -> None:
    office.turn(ms)
    for name in running(office):
        source, _, stream = name.partition(":")[2].partition("/")
        office.words((source, stream))[Word.HEARTBEAT_NS] = office.clock.now_ns
    office.streams.refresh(office.clock.now_ns)
    office.turn()
    office.turn()


def told(office: Office) -> list[tuple[Phase, Reason]]:
    blocks = [office.words(key) for key in SUBS]
    return [(Phase(words[Word.PHASE]), Reason(words[Word.REASON])) for words in blocks]


def test_one_calls_first_and_the_others_follow_when_it_got_in(office: Office) -> None:
    assert running(office) == WORKERS[:1]
    later(office)
    assert running(office) == WORKERS[:1]
    says(office, 0, Phase.WAITING_KEY)
    assert running(office) == WORKERS


def test_two_refusals_stop_all_and_every_tile_says_why(office: Office) -> None:
    says(office, 0, Phase.REFUSED, Reason.BAD_CREDENTIALS)
    assert running(office) == WORKERS[1:2]
    assert told(office)[2:] == [(Phase.CONNECTING, Reason.NONE)] * 2
    says(office, 1, Phase.REFUSED, Reason.BAD_CREDENTIALS)
    assert running(office) == []
    assert told(office) == [(Phase.REFUSED, Reason.BAD_CREDENTIALS)] * 4
    assert all(office.words(key)[Word.SINCE_UNIX_NS] for key in SUBS[2:])
    later(office, 299_000)
    assert running(office) == []
    later(office, 2_000)
    assert running(office) == WORKERS[2:3]
    assert told(office)[2] == (Phase.CONNECTING, Reason.NONE)
    says(office, 2, Phase.LIVE)
    assert running(office) == WORKERS


def test_a_dead_recorder_is_called_by_one_and_all_tiles_say_so(office: Office) -> None:
    says(office, 0, Phase.FAILED, Reason.UNREACHABLE)
    assert running(office) == WORKERS[:1]
    assert told(office) == [(Phase.FAILED, Reason.UNREACHABLE)] * 4


def test_the_next_controller_leaves_all_as_it_was(office: Office) -> None:
    says(office, 0, Phase.REFUSED, Reason.BAD_CREDENTIALS)
    says(office, 1, Phase.REFUSED, Reason.BAD_CREDENTIALS)
    office.root.inherit()
    office.begin(office.node.memory())
    office.open()
    later(office)
    assert running(office) == []


def test_the_next_controller_disturbs_nobody_who_calls(office: Office) -> None:
    says(office, 0, Phase.LIVE)
    assert running(office) == WORKERS
    office.root.inherit()
    office.begin(office.node.memory())
    office.open()
    later(office)
    assert running(office) == WORKERS
    assert told(office)[0] == (Phase.LIVE, Reason.NONE)
