"""What a trial found: every arm against the control on the same circuits.

`motor_neurons` reads the outcome of a run's motor neurons, `hazard` and `difference` compare,
`compare` puts them together, `report` writes tables.
"""

from unshielded.results.trial.compare import ArmOutcome, Comparison, compare, of_lives
from unshielded.results.trial.motor_neurons import MotorNeuronOutcome, motor_neuron_outcomes
from unshielded.results.trial.report import as_json, write_report

__all__ = [
    "ArmOutcome",
    "Comparison",
    "MotorNeuronOutcome",
    "as_json",
    "compare",
    "motor_neuron_outcomes",
    "of_lives",
    "write_report",
]
