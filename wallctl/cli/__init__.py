"""The verbs that a person types. Prints, parses and exits; everything else is done below.

Exit codes: 0 done; 1 it could not be done (the reason stands on stderr in one sentence); 2 the
command line itself is wrong.
"""

from wallctl.cli.subcommands import main

__all__ = ["main"]
