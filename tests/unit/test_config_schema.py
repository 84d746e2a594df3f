"""The JSON schema, the quantities, and what importing the config costs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_core import PydanticCustomError

from tests.synthetic_catalogue import CATALOGUE, GOOD
from tests.unit.test_config_corpus import CORPUS
from unshielded.config import catalogue, dump, json_schema, load
from unshielded.config.json_schema import SCHEMA_VERSION
from unshielded.config.sections.quantity import Quantity, write_quantity
from unshielded.mechanism.units import to_si
from unshielded.model import PARAMETERS

CONFIGS = Path(__file__).parents[2] / "configs"
jsonschema = pytest.importorskip("jsonschema")


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = json_schema(CATALOGUE)
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def test_the_schema_accepts_good_configs(validator: Any, tmp_path: Path) -> None:
    validator.validate(yaml.safe_load(GOOD))
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    validator.validate(yaml.safe_load(dump(load(tmp_path / "a.yaml", catalogue=CATALOGUE))))
    validator.validate({"extends": "base.yaml"})


@pytest.mark.parametrize("path", sorted(CONFIGS.rglob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_configs(path: Path) -> None:
    validator = jsonschema.Draft7Validator(json_schema())
    validator.validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    assert load(path).identity


@pytest.mark.parametrize(
    ("config", "at", "fractions"),
    [
        ("trials/weakened", "parameters", (0.5,)),
        ("trials/doses", "parameters", (0.5,)),
        ("hypotheses/over_exertion_narrow", "parameters", (0.5,)),
        ("hypotheses/circuit_or_cell", "sweep.grid", (1.0, 0.75, 0.5)),
        ("tms/circuit_or_cell", "sweep.grid", (1.0, 0.5)),
    ],
)
def test_weak_mitochondria_pump_the_stated_part(
    config: str, at: str, fractions: tuple[float, ...]
) -> None:
    found = yaml.safe_load((CONFIGS / f"{config}.yaml").read_text(encoding="utf-8"))
    for key in at.split("."):
        found = found[key]
    name = "respiration_maximum_rate"
    values = found[name] if name in found else found[f"parameters.{name}"]
    healthy = PARAMETERS[name].si
    told = [to_si(v, "mM/s") / healthy for v in (values if isinstance(values, list) else [values])]
    assert told == pytest.approx(fractions, rel=0.02)  # as few digits as a person writes


@pytest.mark.parametrize(
    "bad",
    [
        {"name": "a"},
        {"name": "a", "duration": 3},
        {"name": "a", "duration": "3 s", "drvie": {}},
        {"name": "a", "duration": "3 s", "circuit": {"populations": {"motr": {}}}},
        {"name": "a", "duration": "3 s", "parameters": {"resting_potential": -70}},
        {"name": "a", "duration": "3 s", "parameters": {"buffer_capacity": 0}},
        {"name": "a", "duration": "3 s", "sweep": {"grid": {"drive.levl": [1]}}},
    ],
)
def test_the_schema_refuses_bad_configs(validator: Any, bad: dict[str, Any]) -> None:
    assert not validator.is_valid(bad)


CLOSED = (
    "unknown section",
    "unknown key",
    "key elsewhere",
    "unknown command",
    "unknown population",
    "unknown pathway",
    "unknown parameter",
    "not per cell",
    "loss of an unknown population",
    "sweep of an unknown setting",
)


@pytest.mark.parametrize("case", CLOSED)
def test_the_schema_refuses_unknown_names(validator: Any, case: str) -> None:
    assert not validator.is_valid(yaml.safe_load(CORPUS[case][0]))


def test_the_schema_describes_parameters() -> None:
    schema = json_schema(CATALOGUE)
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert str(SCHEMA_VERSION) in schema["$id"]
    definitions = schema["definitions"]
    assert definitions["resting_potential"]["description"] == (
        "made-up resting_potential (quantity in mV; at least -100 mV, at most -40 mV; "
        "default -65 mV, assumed)"
    )
    assert definitions["buffer_capacity"]["maximum"] == 1000
    assert definitions["motor_fr"]["properties"]["size"]["default"] == 10
    assert "mcu_maximum_rate" in definitions["Parameters"]["properties"]
    assert "mcu_maximum_rate" not in definitions["OwnParameters"]["properties"]
    assert definitions["pv_to_pyramidal"]["properties"]["delay"]["default"] == "0.0015 s"
    assert "quantity in s" in schema["properties"]["duration"]["description"]


def _nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for inner in (
        node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    ):
        yield from _nodes(inner)


def test_every_reference_leads_somewhere_and_every_setting_is_described() -> None:
    schema = json_schema()
    definitions = schema["definitions"]
    properties: dict[str, Any] = {}
    for node in _nodes(schema):
        if "$ref" in node:
            assert list(node) == ["$ref"]  # draft-07 ignores what stands beside one
            place, _, name = node["$ref"].rpartition("/")
            assert place == "#/definitions"
            assert name in definitions
        if isinstance(node.get("properties"), dict):
            properties |= node["properties"]
    for name, setting in properties.items():
        options = [setting, *setting.get("anyOf", ())]
        referred = [definitions[o["$ref"].rpartition("/")[2]] for o in options if "$ref" in o]
        assert any("description" in each for each in (*options, *referred)), name
    for name, parameter in catalogue().parameters.items():
        told = definitions[name]["description"]
        assert all(part in told for part in (parameter.meaning, parameter.unit, parameter.kind))
        assert name in definitions["Parameters"]["properties"]
        assert (name in definitions["OwnParameters"]["properties"]) == parameter.per_cell


@pytest.mark.parametrize(
    ("written", "unit", "si"),
    [
        ("2 ms", "s", 0.002),
        ("0.002 s", "s", 0.002),
        ("2e-3s", "s", 0.002),
        ("3 mM/s", "mM/s", 3.0),
        ("3 mol/m^3/s", "mM/s", 3.0),
        ("5 1/s", "Hz", 5.0),
        ("5 s^-1", "Hz", 5.0),
        ("2 nS/(cm**2)", "S/m^2", 2e-5),
        (-0.0, "", 0.0),
        ("12 %", "", 0.12),
    ],
)
def test_quantities(written: str | float, unit: str, si: float) -> None:
    assert repr(Quantity(unit).read(written)) == repr(si)
    assert Quantity(unit).read(write_quantity(si, unit)) == si


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        (10**400, ""),
        (float("nan"), ""),
        ("1 s^99999999", "s"),
        ("1 s^(9^9^9)", "s"),
        ("1 (s^9)^9", "s"),
        ("1 " + "s" * 198, "s"),
        ("a" * 199 + "!", "s"),
        ("1 dB", ""),
        ("1", "s"),
        (None, "s"),
        ([1], "s"),
        ({}, ""),
        (True, ""),
    ],
)
def test_what_is_no_quantity(written: object, unit: str) -> None:
    with pytest.raises(PydanticCustomError):
        Quantity(unit).read(written)


def test_import_is_light() -> None:
    code = "import sys, unshielded.config; sys.exit('brian2' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
