"""Populations are asked for by what they are: the lists that follow, and that nobody spells them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

import unshielded
from unshielded.assemble import Layout
from unshielded.circuit import populations
from unshielded.circuit.pathways import PATHWAYS
from unshielded.circuit.populations import POPULATIONS, named
from unshielded.config.sections.circuit import InterneuronLoss
from unshielded.multiscale.pools import muscles
from unshielded.plot.style import colours, dashes, mark

PACKAGE = Path(unshielded.__file__).parent
#: What receptors a transmitter may have. Motor axons release acetylcholine onto Renshaw cells, whose
#: fast receptors are modelled as those of glutamate.
RECEPTORS = {
    "glutamate": {"glutamate", "glutamate_steady", "glutamate_facilitating"},
    "acetylcholine": {"glutamate"},
    "GABA": {"gaba", "gaba_slow"},
    "glycine": {"glycine"},
}


@pytest.mark.parametrize(
    ("derived", "names"),
    [
        ("UPPER", ("pyramidal",)),
        ("INTERNEURONS", ("pv", "sst", "vip")),
        ("PERISOMATIC", ("pv",)),
        ("MOTOR_POOLS", ("motor_s", "motor_fr", "motor_ff", "motor_buffered", "oculomotor")),
        ("LIMB_POOLS", ("motor_s", "motor_fr", "motor_ff")),
        ("TYPICAL", "motor_fr"),
    ],
)
def test_lists_that_follow_from_roles(derived: str, names: object) -> None:
    assert getattr(populations, derived) == names


def test_interneurons_that_a_loss_may_be_of() -> None:
    of = populations.INTERNEURONS_OF
    assert tuple(of) == get_args(InterneuronLoss.model_fields["of"].annotation)
    assert of["cortical"] == populations.INTERNEURONS
    assert set(of["spinal"]) == {
        *named(region="cord", transmitter="GABA"),
        *named(region="cord", transmitter="glycine"),
    }
    assert {"renshaw", "ia"} <= set(of["spinal"])
    assert of["all"] == of["cortical"] + of["spinal"]
    # No inhibitory class is forgotten.
    assert set(of["all"]) == {*named(transmitter="GABA"), *named(transmitter="glycine")}


def test_an_unknown_role_is_an_error() -> None:
    with pytest.raises(AttributeError, match="muscel"):
        named(muscel="limb")


def test_pools_that_share_a_muscle() -> None:
    layout = Layout.of(dict.fromkeys(POPULATIONS, 2), dict.fromkeys(POPULATIONS, True))
    found = muscles(layout, np.ones(layout.neurons))
    assert {muscle.name: muscle.cells.tolist() for muscle in found} == {
        "limb": [2, 3, 4, 5, 6, 7],
        "limb_control": [8, 9],
        "oculomotor": [10, 11],
    }


def test_every_population_has_its_own_look() -> None:
    assert (
        len({(colours(POPULATIONS)[name], dashes(name), mark(name)) for name in POPULATIONS}) == 14
    )
    assert colours(POPULATIONS)["oculomotor"] == "#00AB50"
    assert (dashes("ia"), mark("ia")) == (":", "*")


def test_roles_and_wiring_agree() -> None:
    for pathway in PATHWAYS.values():
        assert pathway.receptor in RECEPTORS[POPULATIONS[pathway.source].transmitter], pathway.name
    for population in POPULATIONS.values():
        assert bool(population.muscle) == (population.transmitter == "acetylcholine")
        assert bool(population.inhibits) == (population.name in populations.INTERNEURONS)


def spelt(path: Path) -> Iterator[str]:
    """Text constants of a module that are the name of a population; docstrings are longer."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and node.value in POPULATIONS:
            yield f"{path.name}:{node.lineno}: {node.value!r}"


def test_no_module_spells_the_name_of_a_population() -> None:
    """But the table of what people read, and the protocols of the validation, which name what they measure."""
    definition = {
        Path("circuit/populations.py"),
        Path("circuit/pathways.py"),
        Path("plot/words.py"),
    }
    rooms = [room for room in PACKAGE.iterdir() if room.is_dir() and room.name != "validation"]
    found = [*PACKAGE.glob("*.py"), *(path for room in rooms for path in room.rglob("*.py"))]
    modules = [path for path in found if path.relative_to(PACKAGE) not in definition]
    assert len(modules) > 150
    assert [place for path in modules for place in spelt(path)] == []
    assert list(spelt(PACKAGE / "circuit" / "populations.py"))
