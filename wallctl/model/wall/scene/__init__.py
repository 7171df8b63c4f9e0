"""From the state to what each screen shows."""
