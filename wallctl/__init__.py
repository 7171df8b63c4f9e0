"""wallctl: a video wall that decodes cameras, tiles them by layout files and obeys two channels.

The rooms, from the top: ``cli`` (what a person types), ``app`` (puts the parts together),
``pool`` (cameras in), ``present`` (pictures out), ``control`` (commands in), ``media`` (libav),
``files`` (TOML), ``frames`` (shared pictures), ``process`` (children and channels) and ``model``
(values and decisions). Imports go down only.
"""

__version__ = "0.1.0"
