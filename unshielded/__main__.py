"""``python -m unshielded`` is the command ``unshielded``."""

from unshielded.cli.main import run

run()
