"""Validation: what is published, what the model does, and where the two differ.

One file per target; :mod:`unshielded.validation.target` says what a target is.
"""

from unshielded.validation import (
    v01_calcium_decay,
    v02_negative_control,
    v03_glutamate_transient,
    v04_potential_under_glutamate,
    v05_point_of_no_return,
    v06_mitochondrial_share,
    v07_energy_ledger,
    v08_sici,
    v09_precedence,
    v10_size_principle,
    v11_selective_vulnerability,
    v12_atp_shortage,
    v13_mode_of_death,
    v14_network_at_rest,
)
from unshielded.validation.target import Target

TARGETS: dict[str, Target] = {
    target.id: target
    for target in (
        v01_calcium_decay.TARGET,
        v02_negative_control.TARGET,
        v03_glutamate_transient.TARGET,
        v04_potential_under_glutamate.TARGET,
        v05_point_of_no_return.TARGET,
        v06_mitochondrial_share.TARGET,
        v07_energy_ledger.TARGET,
        v08_sici.TARGET,
        v09_precedence.TARGET,
        v10_size_principle.TARGET,
        v11_selective_vulnerability.TARGET,
        v12_atp_shortage.TARGET,
        v13_mode_of_death.TARGET,
        v14_network_at_rest.TARGET,
    )
}

__all__ = ["TARGETS", "Target"]
