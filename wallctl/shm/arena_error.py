"""Why a wall has no memory for its pictures, told in one sentence."""


class ArenaError(Exception):
    """The machine can't give the memory that the wall needs."""
