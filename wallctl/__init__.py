"""wallctl: a video wall that decodes cameras, tiles them by layout files and obeys two channels.

The rooms, from the top: ``cli`` (what a person types), ``controller`` (the wall's side: state and
requests), ``node`` (one machine's side: streams and screens), ``alarm_inputs`` (alarms from
outside), ``api`` (programs), ``decoder`` (cameras in), ``display`` (pictures out), ``config``
(TOML), ``media`` (libav), ``storage`` (the wall's own files), ``shm`` (shared pictures),
``supervisor`` (processes) and ``model`` (values and decisions). Beside them ``calibration``,
``demo`` and ``preview``. Imports go down only; ``docs/architecture.md`` shows the way of a picture
and of a command.
"""

__version__ = "0.1.0"
