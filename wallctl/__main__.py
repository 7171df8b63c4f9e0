"""``python -m wallctl`` is the command ``wallctl``."""

from wallctl.cli import main

main()
