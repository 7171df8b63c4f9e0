#!/bin/sh
# Installs the Debian packages that windows and end-to-end tests need, if this user may.
# Where it may not, it prints the one line to run; only the tests that need them are skipped.
# Chromium, for tests/end_to_end/test_browser.py alone, is left to whoever wants it: 115 MB to fetch, 370 MB on disk.
set -eu
WANTED="${*:-xvfb xserver-xorg-core xserver-xorg-video-dummy xdotool x11-xserver-utils x11-xkb-utils
    openbox libxss1 libgl1 libgl1-mesa-dri libegl1 ffmpeg
    fontconfig fonts-noto-cjk fonts-noto-core fonts-noto-color-emoji fonts-hanazono fonts-babelstone-han
    python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-rtsp gstreamer1.0-plugins-base
    gstreamer1.0-plugins-good gstreamer1.0-plugins-bad mosquitto}"
command -v dpkg-query >/dev/null 2>&1 || { echo "not Debian: install the like of: $WANTED"; exit 0; }
missing=""
for package in $WANTED; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
        missing="$missing $package"
done
[ -z "$missing" ] && exit 0
line="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" = 0 ]; then
    as=""
elif sudo -n true 2>/dev/null; then
    as="sudo -n"
else
    echo "some tests will be skipped; to run them all, first run: sudo $line"
    exit 0
fi
echo "installing$missing ..."
export DEBIAN_FRONTEND=noninteractive
$as apt-get update -qq || true
$as $line -qq >/dev/null || echo "that failed; some tests will be skipped; the line was: $line"
