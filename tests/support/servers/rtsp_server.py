"""What the RTSP servers here have in common. It needs the system's Python, which has GStreamer."""

import argparse
import sys
import threading
from collections.abc import Mapping

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import (  # noqa: E402
    GLib,
    Gst,
    GstApp,  # noqa: F401 - gives appsrc and appsink their methods
    GstRtsp,
    GstRtspServer,
)

__all__ = ["BOTH", "GLib", "Gst", "GstRtspServer", "arguments", "caps", "listen", "run"]

BOTH = GstRtsp.RTSPLowerTrans.UDP | GstRtsp.RTSPLowerTrans.TCP
ROLE = "viewer"


def caps(codec: str) -> str:
    """A stream of whole access units, ``h264`` or ``hevc``."""
    kind = "h265" if codec == "hevc" else "h264"
    return f"video/x-{kind},stream-format=byte-stream,alignment=au"


def arguments(what: str) -> argparse.ArgumentParser:
    """The options that each server has."""
    words = argparse.ArgumentParser(description=what)
    words.add_argument("--port", type=int, default=0)
    words.add_argument("--auth", metavar="USER:PASSWORD", help="ask for Digest authentication")
    words.add_argument("--end-with-stdin", action="store_true", help="end when stdin is closed")
    return words


def listen(
    factories: Mapping[str, GstRtspServer.RTSPMediaFactory], port: int, account: str | None
) -> int:
    """Serve what lies at each path, on the loopback; the port that was bound."""
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(port))
    pool = GstRtspServer.RTSPThreadPool()
    pool.set_max_threads(8)
    server.set_thread_pool(pool)
    if account:
        server.set_auth(_digest(account))
    for path, factory in factories.items():
        if account:
            factory.set_permissions(_viewers_only())
        server.get_mount_points().add_factory(path, factory)
    if server.attach(None) == 0:
        raise SystemExit(f"port {port} is taken; choose another, or 0 for any")
    return int(server.get_bound_port())


def run(port: int, *, end_with_stdin: bool) -> None:
    """Say that it listens, and serve until the end."""
    loop = GLib.MainLoop()
    if end_with_stdin:
        threading.Thread(target=_end_with_stdin, args=(loop,), daemon=True).start()
    print(f"ready {port}", flush=True)
    loop.run()


def _digest(account: str) -> GstRtspServer.RTSPAuth:
    user, _, password = account.partition(":")
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", ROLE)
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    auth.add_digest(user, password, token)
    return auth


def _viewers_only() -> GstRtspServer.RTSPPermissions:
    permissions = GstRtspServer.RTSPPermissions()
    for right in ("media.factory.access", "media.factory.construct"):
        permissions.add_permission_for_role(ROLE, right, True)
    return permissions


def _end_with_stdin(loop: GLib.MainLoop) -> None:
    sys.stdin.buffer.read()
    loop.quit()
