"""What people configure: screens, panels, layouts, framing, alarms, broadcasts."""
