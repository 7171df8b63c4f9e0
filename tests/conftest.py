"""What holds for all tests."""

import hypothesis

# How long one example takes says something about the machine's other work, not about the code.
hypothesis.settings.register_profile("wallctl", deadline=None)
hypothesis.settings.load_profile("wallctl")
