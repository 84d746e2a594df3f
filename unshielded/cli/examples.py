"""``unshielded examples``."""

from __future__ import annotations

from dataclasses import asdict

from unshielded.cli.output import Format, FormatOption, show, table, write_json


def examples(style: FormatOption = Format.TEXT) -> None:
    """List the examples that come with the package: what each does, shows and takes.

    The time is of one core, predicted, without compiling.
    """
    from unshielded.api.examples import example
    from unshielded.api.shipped import names

    found = [example(name) for name in names()]
    if style is Format.JSON:
        write_json([asdict(each) for each in found])
        return
    made = table(
        "example", "what is done, and what it shows", "command", "runs", "time", numbers=[3, 4]
    )
    made.padding = (0, 2, 0, 0)
    for each in found:
        made.add_row(each.name, each.description, each.command, str(each.runs), _time(each.seconds))
        if each.shows != each.description:
            made.add_row("", each.shows, "", "", "")
    show(made, "", "unshielded init NAME --like EXAMPLE")


def _time(seconds: float) -> str:
    """Write a time that nobody knows exactly.

    Examples
    --------
    >>> _time(3.2), _time(451.0), _time(5495.0)
    ('3 s', '8 min', '1.5 h')
    """
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"
