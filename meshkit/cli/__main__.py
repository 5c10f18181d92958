"""``python -m meshkit.cli``."""

from meshkit.cli.main import main

main()
