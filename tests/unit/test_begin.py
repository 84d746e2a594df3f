"""Starting from nothing: the help, the examples, a config to begin with, completion."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import typer

from tests.conftest import ROOT, Command
from unshielded.api.examples import example, standing_alone, template
from unshielded.api.shipped import names
from unshielded.assemble.predict import predict
from unshielded.cli.main import COMMANDS, app, main
from unshielded.config import load

Captured = pytest.CaptureFixture[str]
CONFIGS = ROOT / "configs"
MEMBERS = [member for members in COMMANDS.values() for member in members]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_bare_command_is_its_help(capsys: Captured) -> None:
    assert main([]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    for group, members in COMMANDS.items():
        assert group in shown.out
        for _, name, _ in members:
            assert re.search(rf"\b{name}\b", shown.out)


@pytest.mark.parametrize(("name", "shown"), [(m[1], m[2]) for m in MEMBERS])
def test_the_help_of_every_command_has_an_example_that_it_understands(
    name: str, shown: str, capsys: Captured
) -> None:
    assert main([name, "--help"]) == 0
    assert f"Example: unshielded {shown.split()[0]}" in capsys.readouterr().out
    words = shlex.split(shown)
    until = words.index(">") if ">" in words else len(words)
    assert words[0] == name
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    command.make_context(name, words[1:until])


def test_every_config_is_an_example() -> None:
    there = {
        path.relative_to(CONFIGS).with_suffix("").as_posix() for path in CONFIGS.rglob("*.yaml")
    }
    assert set(names()) == there
    assert names()[0] == "first_look"


@pytest.mark.parametrize("name", names())
def test_an_example_stands_alone_and_is_the_same_experiment(name: str, tmp_path: Path) -> None:
    text = standing_alone(name, "mine")
    assert not re.search(r"^ *extends:", text, re.MULTILINE)
    assert text.startswith("# yaml-language-server: $schema=unshielded.schema.json\n#")
    copy = tmp_path / "mine.yaml"
    copy.write_text(text)
    mine, shipped = load(copy), load(CONFIGS / f"{name}.yaml")
    assert mine.config.name == "mine"
    assert mine.identity == shipped.identity
    assert mine.listing() == shipped.listing()
    last = len(mine.listing()) - 1
    assert mine.point(last).identity == shipped.point(last).identity


def test_an_example_says_what_it_does_and_takes(capsys: Captured) -> None:
    two_hits = example("two_hits")
    assert (two_hits.command, two_hits.runs) == ("sweep", 9)
    assert two_hits.description == "Interneuron loss times loss of astrocytic EAAT2."
    assert two_hits.shows.startswith("The second hit: astrocytes")
    points = load(CONFIGS / "two_hits.yaml").points()
    assert two_hits.seconds == sum(predict(single.config).seconds for _, _, single in points)
    assert {example(n).command for n in ("healthy", "tms/sici", "trials/shield")} == {
        "run", "tms", "trial",
    }  # fmt: skip
    assert main(["examples", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["name"] for each in found] == names()
    assert all(20 < len(each["shows"]) < 300 for each in found if each["name"] not in SHORT)


#: A question of three words is a sentence too.
SHORT = ("selective_vulnerability",)


def test_a_config_to_begin_with(here: Path, capsys: Captured) -> None:
    assert main(["init", "mine"]) == 0
    assert capsys.readouterr().out == "mine.yaml\nunshielded run mine.yaml\n"
    text = (here / "mine.yaml").read_text()
    schema = re.match(r"# yaml-language-server: \$schema=(.*)\n", text)
    assert schema
    json.loads((here / schema[1]).read_text())
    assert text.count("#") > 15
    assert load("mine.yaml").config.name == "mine"


def test_what_the_template_has_as_comments_is_good_too(here: Path) -> None:
    text = re.sub(r"^( *)# (?=(?:  )*[a-z_]+:)", r"\1", template("mine"), flags=re.MULTILINE)
    text = text.removeprefix("yaml-language-server: $schema=unshielded.schema.json\n")
    Path("all.yaml").write_text(text)
    experiment = load("all.yaml")
    assert len(experiment.listing()) == 9
    assert experiment.config.circuit.populations["motor_fr"].size == 60
    assert experiment.config.parameters["respiration_maximum_rate"] == 31.0


def test_nothing_is_overwritten(here: Path, capsys: Captured) -> None:
    Path("mine.yaml").write_text("kept")
    assert main(["init", "mine"]) == 4
    assert (
        "mine.yaml: is there already, and is kept; choose another name" in capsys.readouterr().err
    )
    assert Path("mine.yaml").read_text() == "kept"
    assert not Path("unshielded.schema.json").exists()
    Path("unshielded.schema.json").write_text("{}")
    assert main(["init", "other"]) == 0
    assert "unshielded.schema.json is kept" in capsys.readouterr().err
    assert Path("unshielded.schema.json").read_text() == "{}"


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["Mine"], "'Mine' cannot name an experiment; expected 1 to 64 lower-case letters"),
        (["../mine"], "'../mine' cannot name an experiment"),
        (["mine", "--like", "two_hit"], "there is no example 'two_hit'; did you mean 'two_hits'?"),
        (["mine", "--like", "qqq"], "'unshielded examples' lists them"),
    ],
)
def test_what_cannot_be_begun_is_told(
    call: list[str], said: str, here: Path, capsys: Captured
) -> None:
    assert main(["init", *call]) == 2
    assert said in capsys.readouterr().err
    assert not list(here.iterdir())


@pytest.mark.parametrize(
    ("typed", "offered"), [("in", {"init", "inspect"}), ("init x --like two", {"two_hits"})]
)
def test_a_shell_completes(typed: str, offered: set[str], command: Command) -> None:
    words = f"unshielded {typed}"
    done = command(
        COMP_WORDS=words,
        COMP_CWORD=str(len(words.split()) - 1),
        _UNSHIELDED_COMPLETE="complete_bash",
    )
    assert set(done.stdout.split()) == offered
