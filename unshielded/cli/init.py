"""``unshielded init``."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from unshielded.cli.output import log, show

SCHEMA = "unshielded.schema.json"

_NAME = re.compile(r"[a-z0-9_-]{1,64}\Z")


def _examples(incomplete: str) -> list[str]:
    """Complete the name of an example."""
    from unshielded.api.shipped import names

    return [name for name in names() if name.startswith(incomplete)]


def init(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Name of the experiment; writes NAME.yaml here.")
    ],
    like: Annotated[
        str | None,
        typer.Option(
            "--like",
            metavar="EXAMPLE",
            help="Begin with this example in place of the template; 'examples' lists them.",
            autocompletion=_examples,
        ),
    ] = None,
) -> None:
    """Write a commented config to begin with, and the schema with which editors check it.

    Existing files are kept: a config of that name is an error.
    """
    from unshielded.api.examples import standing_alone, template
    from unshielded.api.shipped import names
    from unshielded.config.reading.errors import nearest

    called = name.removesuffix(".yaml")
    if not _NAME.match(called):
        raise typer.BadParameter(
            f"{called!r} cannot name an experiment; expected 1 to 64 lower-case letters, digits, "
            "'_' and '-'",
            param_hint="'NAME'",
        )
    if like is not None and like not in names():
        hint = nearest(like, names()) or "'unshielded examples' lists them"
        raise typer.BadParameter(f"there is no example {like!r}; {hint}", param_hint="--like")
    text = template(called) if like is None else standing_alone(like, called)
    config = Path(f"{called}.yaml")
    _write_new(config, text)
    _schema(Path(SCHEMA))
    command = "run" if like is None else _command(like)
    show(str(config), f"unshielded {command} {config}")


def _write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet.

    Raises
    ------
    StoreError
        If it is there, or cannot be written.
    """
    from unshielded.store.format.files import StoreError, explain

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise StoreError(
            f"{path}: is there already, and is kept; choose another name, or move it away"
        ) from error
    except OSError as error:
        raise explain(path, "write", error) from error


def _schema(path: Path) -> None:
    """Write the schema beside the config; keep one that is there, and say if it is another one."""
    from unshielded.cli.schema import text

    now = text() + "\n"
    if not path.exists():
        _write_new(path, now)
    elif path.is_file() and path.read_text(encoding="utf-8", errors="replace") != now:
        log(f"{path} is kept; it is not of this version: 'unshielded schema > {path}' renews it")


def _command(like: str) -> str:
    from unshielded.api.examples import example

    return example(like).command
