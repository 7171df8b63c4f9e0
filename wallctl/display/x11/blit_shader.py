"""Canvases onto an X window with a GPU: three textures and a shader from BT.709 to RGB."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wallctl.display.window_placement import Blitter
from wallctl.display.x11.gl import GlWindow, Shader, ShaderProgram, gl
from wallctl.model.base.geometry import Rect

_CORNERS = """#version 330 core
void main() {
    vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
    gl_Position = vec4(2.0 * corner - 1.0, 0.0, 1.0);
}
"""
"""One triangle that covers the window."""

_PIXEL = """#version 330 core
uniform sampler2D luma;
uniform sampler2D blue;
uniform sampler2D red;
uniform int last_row;
out vec4 colour;
void main() {
    ivec2 at = ivec2(gl_FragCoord.x, last_row - int(gl_FragCoord.y));
    float y = (texelFetch(luma, at, 0).r * 255.0 - 16.0) / 219.0;
    float b = (texelFetch(blue, at / 2, 0).r * 255.0 - 128.0) / 224.0;
    float r = (texelFetch(red, at / 2, 0).r * 255.0 - 128.0) / 224.0;
    colour = vec4(y + 1.5748 * r, y - 0.187324 * b - 0.468124 * r, y + 1.8556 * b, 1.0);
}
"""
"""BT.709 limited range; a chroma sample colours its 2 x 2 pixels alike, as the image blitter's."""


class ShaderBlitter:
    """Uploads a canvas as textures and draws it.

    The window's GL context must be current when this is made.
    """

    kind = Blitter.SHADER

    def __init__(self, window: GlWindow, size: tuple[int, int]) -> None:
        self._window = window
        width, height = size
        self._planes = tuple(_Plane(unit, size, share) for unit, share in enumerate((1, 2, 2)))
        self._program = ShaderProgram(Shader(_CORNERS, "vertex"), Shader(_PIXEL, "fragment"))
        self._program.use()
        for unit, name in enumerate(("luma", "blue", "red")):
            self._program[name] = unit
        self._program["last_row"] = height - 1
        self._corners = gl.GLuint()
        gl.glGenVertexArrays(1, self._corners)  # core GL draws nothing without one
        gl.glPixelStorei(gl.GL_UNPACK_ALIGNMENT, 1)
        gl.glViewport(0, 0, width, height)

    def draw(self, canvas: NDArray[np.uint8], changed: Sequence[Rect]) -> None:
        """Upload what changed of a contiguous canvas of shape (h * 3 / 2, w), and show it."""
        self._window.switch_to()
        address = canvas.ctypes.data
        for plane in self._planes:
            plane.upload(address, changed)
            address += plane.length
        self.redraw()

    def redraw(self) -> None:
        """Show the last canvas again."""
        self._window.switch_to()
        gl.glBindVertexArray(self._corners)
        self._program.use()
        gl.glDrawArrays(gl.GL_TRIANGLES, 0, 3)
        self._window.flip()

    def close(self) -> None:
        """Nothing to give back: textures and program end with the window's context."""


class _Plane:
    """One plane of a canvas as a texture of single bytes, bound to a unit of its own for good.

    It has one sample for ``share`` x ``share`` pixels of the canvas.
    """

    def __init__(self, unit: int, size: tuple[int, int], share: int) -> None:
        width_px, height_px = size[0] // share, size[1] // share
        self._unit, self._share, self._width_px = unit, share, width_px
        self.length = width_px * height_px
        texture = gl.GLuint()
        gl.glGenTextures(1, texture)
        gl.glActiveTexture(gl.GL_TEXTURE0 + unit)
        gl.glBindTexture(gl.GL_TEXTURE_2D, texture)
        for which in (gl.GL_TEXTURE_MIN_FILTER, gl.GL_TEXTURE_MAG_FILTER):
            gl.glTexParameteri(gl.GL_TEXTURE_2D, which, gl.GL_NEAREST)
        gl.glTexImage2D(
            *(gl.GL_TEXTURE_2D, 0, gl.GL_R8, width_px, height_px, 0),
            *(gl.GL_RED, gl.GL_UNSIGNED_BYTE, None),
        )

    def upload(self, address: int, changed: Sequence[Rect]) -> None:
        """Copy parts of the plane, whose bytes lie at ``address`` row after row."""
        gl.glActiveTexture(gl.GL_TEXTURE0 + self._unit)
        gl.glPixelStorei(gl.GL_UNPACK_ROW_LENGTH, self._width_px)
        for rect in changed:
            x, y, w, h = (length // self._share for length in (rect.x, rect.y, rect.w, rect.h))
            gl.glTexSubImage2D(
                *(gl.GL_TEXTURE_2D, 0, x, y, w, h),
                *(gl.GL_RED, gl.GL_UNSIGNED_BYTE, address + y * self._width_px + x),
            )
