"""What is drawn: labels, icons, cards, alarms, help."""
