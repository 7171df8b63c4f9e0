"""The sections of a site file: each module checks one and builds its model values."""
