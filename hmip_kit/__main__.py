"""Run the command line: `python -m hmip_kit`."""

from hmip_kit.cli import main

main()
