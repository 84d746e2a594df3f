"""``unshielded schema``."""

from __future__ import annotations

from unshielded.cli.output import write_json


def schema() -> None:
    """Print the JSON schema of configs, for editors that complete and check."""
    from unshielded.config import catalogue, json_schema

    write_json(json_schema(catalogue()))
