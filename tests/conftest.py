"""What holds for all tests."""

import os
import signal

import hypothesis

os.umask(0o022)  # sites are refused that others may write; tests of other umasks set their own

if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:  # under nohup; walls inherit that
    signal.signal(signal.SIGHUP, signal.SIG_DFL)

# How long one example takes says something about the machine's other work, not about the code.
# CI judges a commit by the same examples each time; whoever works here looks for new ones.
hypothesis.settings.register_profile(
    "wallctl", deadline=None, derandomize=bool(os.environ.get("CI"))
)
hypothesis.settings.load_profile("wallctl")
