"""Child processes and the channels to them: knows nothing of pictures, cameras or commands."""
