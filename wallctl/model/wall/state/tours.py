"""Tours 轮巡: begun, steered, and turned by time. Pure; what a page costs to show it does not know.

A running tour is a lease that changes its picture from page to page. What is not seen of it, since
somebody of higher rank has its screens, does not go on: it stands still until it is seen again.
"""

from collections.abc import Container

from msgspec.structs import replace

from wallctl.model.site.site import Site, Tour, TourPage
from wallctl.model.wall.commands.actor import Role
from wallctl.model.wall.commands.command import CommandError, SteerTour, TourTo
from wallctl.model.wall.events import event as e
from wallctl.model.wall.state.lease import Claim, Lease, is_seen, numbered
from wallctl.model.wall.state.lease_rules import ended, granted, laid, noted
from wallctl.model.wall.state.lookup import find_name
from wallctl.model.wall.state.screen_state import opened
from wallctl.model.wall.state.state import NO_LEASE, RunningTour, WallState, tell

_STEERED = (e.TourBegun, e.TourTurned, e.TourPaused, e.TourResumed)
"""Where one of these happens to a tour, nobody tells besides whether its time runs."""
LATE_NS = 1_000_000_000
"""A page that turns later than this, since the wall stood still, has its whole time from then."""


def steered(state: WallState, change: SteerTour, site: Site, claim: Claim) -> WallState:
    """The state after somebody has begun, ended, paused or turned a tour."""
    to = change.to
    if to is None or to is TourTo.ON:
        tour = _find(change.name, site)
        running = _running(state, tour.name)
        if to is None and running is not None and _is_seen(state, running):
            return ended(state, {running.lease}, e.LeaseEnd.RELEASED)
        return _begun(state, tour, claim)
    running = _steerable(state, change.name, site)
    match to:
        case TourTo.OFF:
            return ended(state, {running.lease}, e.LeaseEnd.RELEASED)
        case TourTo.PAUSE:
            return _paused(state, running, paused=True)
        case TourTo.RESUME:
            new = _paused(state, running, paused=False)
        case _:
            by = 1 if to is TourTo.NEXT else -1
            tour = _find(running.name, site)
            new = _at_page(state, running, tour, (running.page + by) % len(tour.pages))
    return shown_again(new, running, site, claim)


def turned(state: WallState, site: Site, now_ns: int, dead: Container[str] = ()) -> WallState:
    """The state after time has passed: pages turn. The same value if none does.

    ``dead`` are the sources that show no picture: tours that skip them look for another page.
    """
    state = _taken_up(state, site)
    gone = {one.lease for one in state.tours if site.tour(one.name) is None}
    state = timed(ended(state, gone, e.LeaseEnd.SITE) if gone else state, now_ns)
    for running in state.tours:
        tour = site.tour(running.name)
        if tour is not None and running.until_ns is not None and running.until_ns <= now_ns:
            new = _at_page(state, running, tour, _next_page(tour, running.page, dead))
            began_ns = running.until_ns if now_ns - running.until_ns < LATE_NS else now_ns
            state = timed(new, began_ns)
    return state


def _taken_up(state: WallState, site: Site) -> WallState:
    """The state in which the tours of the wall's last run go on that people had begun: each has a
    lease again, and begins with its first page."""
    for kept in state.tours:
        tour = site.tour(kept.name)
        if kept.lease == NO_LEASE and tour is not None:
            again = replace(_first(state, tour, kept.holder), paused=kept.paused)
            state = _with(granted(state, _lease(again, tour.pages[0])), again)
            state = tell(state, e.TourBegun(again.name, again.holder.label))
    return state


def timed(state: WallState, now_ns: int) -> WallState:
    """The state in which the time of those tours runs that are seen and not paused, and of no
    others. The same value if it is so already."""
    if not state.tours:
        return state
    tours = tuple(_timed(one, state, now_ns) for one in state.tours)
    if tours == state.tours:
        return state
    steered = {one.tour for one in state.happened if isinstance(one, _STEERED)}
    told = [
        e.TourWentOn(new.name) if new.goes_on else e.TourHeld(new.name)
        for old, new in zip(state.tours, tours, strict=True)
        if new.goes_on != old.goes_on and new.name not in steered
    ]
    return tell(state, *told, tours=tours)


def shown_again(state: WallState, running: RunningTour, site: Site, claim: Claim) -> WallState:
    """The state in which a tour has those screens again that people had taken over."""
    lease = numbered(state.leases, running.lease)
    if lease is not None and not lease.yielded:
        return state
    now = _running(state, running.name) or running
    page = _page(_find(running.name, site), now.page)
    again = laid(state, _lease(running, page), claim.role)
    return noted(again, state, claim.role)


def begun_by_schedule(state: WallState, tour: Tour) -> WallState:
    """The state with a tour that the schedule has begun, below all that people begin.

    The same value if it runs already.
    """
    if _running(state, tour.name) is not None:
        return state
    begun = _first(state, tour, Role.SCHEDULE)
    new = granted(state, _lease(begun, tour.pages[0]))
    return _with_begun(new, begun)


def is_hidden(state: WallState, running: RunningTour) -> bool:
    """Whether people have taken over some screen that a tour showed something on."""
    lease = numbered(state.leases, running.lease)
    return lease is None or bool(lease.yielded)


def current(state: WallState) -> RunningTour | None:
    """The tour that is meant where none is named: the one on the selected screen (of several the
    one that is seen), else the only one that runs."""
    here = [one for one in state.tours if state.selected.screen in one.screens]
    among = here or (state.tours if len(state.tours) == 1 else ())
    return max(among, key=lambda one: (_is_seen(state, one), one.lease), default=None)


def left_ns(running: RunningTour, now_ns: int) -> int:
    """How long the page of a tour is still to be shown."""
    until_ns = running.until_ns
    return running.left_ns if until_ns is None else max(0, until_ns - now_ns)


def next_sources(state: WallState, site: Site) -> frozenset[str]:
    """The sources that running tours will show next: they are to be near."""
    found: set[str] = set()
    for running in state.tours:
        tour = site.tour(running.name)
        if tour is not None:
            found |= _page(tour, running.page + 1).sources
    return frozenset(found)


def _begun(state: WallState, tour: Tour, claim: Claim) -> WallState:
    running = _running(state, tour.name)
    before = state
    if running is not None:
        before = ended(state, {running.lease}, e.LeaseEnd.RELEASED)
    begun = _first(before, tour, Role.TOUR)
    new = laid(before, _lease(begun, tour.pages[0]), claim.role)
    return noted(_with_begun(new, begun), before, claim.role, tour.name)


def _with_begun(state: WallState, begun: RunningTour) -> WallState:
    told = e.TourBegun(begun.name, begun.holder.label)
    return tell(state, told, tours=(*state.tours, begun))


def _paused(state: WallState, running: RunningTour, *, paused: bool) -> WallState:
    """The state with a tour paused, or not; the same value if it is so."""
    if running.paused == paused:
        return state
    told = e.TourPaused(running.name) if paused else e.TourResumed(running.name)
    return tell(_with(state, replace(running, paused=paused)), told)


def _first(state: WallState, tour: Tour, holder: Role) -> RunningTour:
    """A tour at its begin."""
    dwell_ns = tour.pages[0].dwell_ns
    return RunningTour(tour.name, state.begun + 1, _screens(tour), 0, dwell_ns, holder=holder)


def _at_page(state: WallState, running: RunningTour, tour: Tour, to: int) -> WallState:
    """The state with another page of a tour, which has all its time before it."""
    page = tour.pages[to]
    new = granted(state, _lease(running, page))
    new = _with(new, replace(running, page=to, left_ns=page.dwell_ns, until_ns=None))
    return tell(new, e.TourTurned(running.name, to + 1))


def _next_page(tour: Tour, page: int, dead: Container[str]) -> int:
    """The page whose turn is next: where dead ones are skipped, one on which something lives."""
    count = len(tour.pages)
    following = [(page + i) % count for i in range(1, count + 1)]
    living = (i for i in following if any(name not in dead for name in tour.pages[i].sources))
    return next(living, following[0]) if tour.skip_dead else following[0]


def _lease(running: RunningTour, page: TourPage) -> Lease:
    screens = {one.screen: opened(one) for one in page.screens}
    return Lease(running.lease, running.holder, screens, page.tiles, name=running.name)


def _page(tour: Tour, index: int) -> TourPage:
    """A page by its index; it goes round, also where the site has fewer pages than it had."""
    return tour.pages[index % len(tour.pages)]


def _timed(running: RunningTour, state: WallState, now_ns: int) -> RunningTour:
    goes = not running.paused and _is_seen(state, running)
    if goes and running.until_ns is None:
        return replace(running, until_ns=now_ns + running.left_ns)
    if not goes and running.until_ns is not None:
        return replace(running, until_ns=None, left_ns=left_ns(running, now_ns))
    return running


def _with(state: WallState, running: RunningTour) -> WallState:
    tours = (running if one.name == running.name else one for one in state.tours)
    return replace(state, tours=tuple(tours))


def _is_seen(state: WallState, running: RunningTour) -> bool:
    lease = numbered(state.leases, running.lease)
    return lease is not None and is_seen(lease, state.leases)


def _running(state: WallState, name: str) -> RunningTour | None:
    return next((one for one in state.tours if one.name == name), None)


def _find(name: str | None, site: Site) -> Tour:
    found = find_name("tour", name or "", (one.name for one in site.tours))
    return next(one for one in site.tours if one.name == found)


def _steerable(state: WallState, name: str | None, site: Site) -> RunningTour:
    """The running tour of a name; else that of the selected screen, else the only one."""
    if name is not None:
        running = _running(state, _find(name, site).name)
        if running is None:
            raise CommandError("no_tour", f"the tour {name} does not run")
        return running
    here = current(state)
    if here is None:
        known = tuple(one.name for one in state.tours)
        why = "say which tour" if known else "no tour runs"
        raise CommandError("no_tour", why, known)
    return here


def _screens(tour: Tour) -> frozenset[str]:
    whole = (one.screen for page in tour.pages for one in page.screens)
    return frozenset((*whole, *(one.screen for page in tour.pages for one in page.tiles)))
