"""Affine maps of the plane: how places of one picture become places of another."""

import msgspec

Point = tuple[float, float]


class Affine(msgspec.Struct, frozen=True):
    """``x, y`` becomes ``xx * x + xy * y + x0, yx * x + yy * y + y0``."""

    xx: float
    xy: float
    x0: float
    yx: float
    yy: float
    y0: float

    @classmethod
    def through(cls, origin: Point, right: Point, down: Point) -> "Affine":
        """The map that takes (0, 0), (1, 0) and (0, 1) to these."""
        return cls(
            *(right[0] - origin[0], down[0] - origin[0], origin[0]),
            *(right[1] - origin[1], down[1] - origin[1], origin[1]),
        )

    def at(self, place: Point) -> Point:
        """Where a place comes to lie."""
        x, y = place
        return self.xx * x + self.xy * y + self.x0, self.yx * x + self.yy * y + self.y0

    def back(self) -> "Affine":
        """The map that undoes this one."""
        d = self.xx * self.yy - self.xy * self.yx
        return Affine(
            *(self.yy / d, -self.xy / d, (self.xy * self.y0 - self.yy * self.x0) / d),
            *(-self.yx / d, self.xx / d, (self.yx * self.x0 - self.xx * self.y0) / d),
        )

    @property
    def steps(self) -> tuple[float, float]:
        """How far a step of 1 to the right leads, and one down."""
        return abs(self.xx) + abs(self.yx), abs(self.xy) + abs(self.yy)
