"""Every command line that the documents show is one that the command understands."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from tests.conftest import ROOT
from unshielded.circuit.populations import POPULATIONS
from unshielded.cli.main import app

PAGES = [ROOT / "README.md", ROOT / "runs" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
#: The base of all errors in how a command was typed; typer does not export it.
UsageError = typer.BadParameter.__mro__[2]

COMMANDS = typer.main.get_command(app)


def lines(text: str) -> Iterator[str]:
    """Command lines: those of code blocks, and those inside of sentences."""
    for block in re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        yield from (line for line in block.splitlines() if line.startswith("unshielded "))
    sentences = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    yield from (" ".join(inner.split()) for inner in re.findall(r"`(unshielded [^`]+)`", sentences))


SHOWN = [(page, line) for page in PAGES for line in lines(page.read_text())]


def words(line: str) -> list[str]:
    """The arguments: without the comment, the redirection, and the marks of what is optional."""
    given = shlex.split(line, comments=True)[1:]
    until = given.index(">") if ">" in given else len(given)
    return [word.strip("[]") for word in given[:until] if word != "…"]


def test_the_documents_show_commands() -> None:
    assert len(SHOWN) > 60


@pytest.mark.parametrize(("page", "line"), SHOWN, ids=lambda shown: str(shown)[-60:])
def test_a_command_line_is_understood(page: Path, line: str) -> None:
    name, *arguments = words(line)
    if name.startswith("--"):  # an option of the command itself
        assert name in {option for each in COMMANDS.params for option in each.opts}
        return
    assert name in COMMANDS.commands, f"{page.name}: there is no such command"
    if arguments and arguments != ["--help"]:  # a sentence may name a command without what it needs
        given = COMMANDS.commands[name].make_context(name, arguments).params
        classes = [given.get("population"), *str(given.get("classes") or "").split(",")]
        assert not {c for c in classes if c} - set(POPULATIONS), f"{page.name}: no such class"
    for word in arguments:
        if word.startswith("configs/"):
            assert list(ROOT.glob(word)), f"{page.name}: {word} is not there"


def test_a_misspelt_option_is_told() -> None:
    with pytest.raises(UsageError, match="--sed"):
        test_a_command_line_is_understood(ROOT / "README.md", "unshielded run a --sed 1")
