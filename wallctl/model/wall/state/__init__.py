"""The state of the wall and its reducer: leases, tours, schedule, alarms, blanking."""
