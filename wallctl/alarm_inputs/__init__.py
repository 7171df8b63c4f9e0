"""Where alarms come from besides commands: HTTP, MQTT and lines of dry contacts.

Each input is a process of its own, and asks the controller over the channel between the two.
"""
