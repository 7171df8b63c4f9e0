"""Pictures out: compose tiles onto a screen's canvas and show it, in a window or headless."""
