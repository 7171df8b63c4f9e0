"""From what processes were seen to spend to the speeds that explain it, by least squares."""

from collections.abc import Sequence

import msgspec
import numpy as np
from msgspec.structs import astuple

from wallctl.model.planning.cost_model import Speeds, Work


class Observation(msgspec.Struct, frozen=True):
    """What some processes did together, and how many processors it kept busy."""

    work: Work
    cores: float


def fitted(seen: Sequence[Observation], typical: Speeds) -> Speeds:
    """The speeds with the smallest relative errors; ``typical`` where nothing of a kind was done.

    A thing that would have to cost less than nothing, because others explain all there is, is
    taken to cost nothing, and the rest is fitted again.
    """
    works = np.array([astuple(one.work) for one in seen])
    spent_ms = np.array([one.cores * 1000 for one in seen])
    relative = works / spent_ms[:, np.newaxis]
    costs = np.array(astuple(typical))
    free = np.flatnonzero(works.any(axis=0))
    costs[free] = 0.0
    while free.size:
        found = np.linalg.lstsq(relative[:, free], np.ones(len(seen)), rcond=None)[0]
        if (found >= 0).all():
            costs[free] = found
            break
        free = free[found >= 0]
    return Speeds(*costs.tolist())
