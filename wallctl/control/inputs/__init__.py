"""Where alarms come from besides commands: HTTP, MQTT and lines of dry contacts.

Each input is a process of its own and a client of the control channel like any other.
"""
