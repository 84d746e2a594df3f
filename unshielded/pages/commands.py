"""The page of the command: each subcommand with its help, its arguments and its options, read from the command."""

from __future__ import annotations

from enum import Enum
from typing import Any

import typer

from unshielded.cli.main import app
from unshielded.pages.rst import heading, prose, table

_INTRODUCTION = """\
What ``unshielded COMMAND --help`` prints. Data go to standard output, logs and progress to standard error. Exit codes
are listed in :doc:`configs <docs/config>`.
"""


def commands() -> str:
    """Return the page, in reStructuredText."""
    group: Any = typer.main.get_command(app)
    parts = [heading("Commands"), _INTRODUCTION]
    for name, command in group.commands.items():
        if not command.hidden:
            parts += _command(name, command)
    return "\n".join(parts)


def _command(name: str, command: Any) -> list[str]:
    shown = [one for one in command.params if not one.hidden]
    arguments = [one for one in shown if one.param_type_name == "argument"]
    options = [one for one in shown if one.param_type_name == "option"]
    usage = " ".join(one.metavar if one.required else f"[{one.metavar}]" for one in arguments)
    return [
        heading(f"``{name}``", 2),
        f"::\n\n   unshielded {name} {usage}".rstrip() + " [OPTIONS]\n",
        *(f"{prose(paragraph)}\n" for paragraph in (command.help or "").split("\n\n")),
        table(("argument", "is"), ((f"``{one.metavar}``", prose(one.help)) for one in arguments)),
        table(
            ("option", "does", "default"),
            ((_names(one), _help(one), _default(one)) for one in options),
        ),
    ]


def _names(option: Any) -> str:
    value = f" {option.metavar}" if option.metavar else ""
    return ", ".join(f"``{name}{value}``" for name in (*option.opts, *option.secondary_opts))


def _help(option: Any) -> str:
    text: str = prose(option.help)
    if isinstance(option.default, Enum):
        text += " One of " + ", ".join(f"``{one.value}``" for one in type(option.default)) + "."
    return text


def _default(option: Any) -> str:
    if isinstance(option.show_default, str):
        return prose(option.show_default)
    if isinstance(option.default, Enum):
        return f"``{option.default.value}``"
    return "" if option.default in (None, False, True) else f"``{option.default}``"
