r"""NASPM: block of AMPA receptors that let calcium through; on the slow clock.

.. math::
    \dot b = k\,s\,\big(C\,(1 - b) - K\,b\big)

NASPM (1-naphthyl acetyl spermine), an analogue of the Joro spider's toxin, enters open channels without edited
GluA2, is trapped there, and leaves when they open again: the block builds up and washes out with use,
:math:`s` the open share. Receptors with edited GluA2 are untouched, so a cell without permeable ones is.
Left out: the relief by depolarisation beyond +40 mV. JSTX-3 does the same at 56 nM.
"""

from unshielded.mechanism import Q10, Mechanism, Parameter

permeable_ampa_block = Mechanism(
    name="permeable_ampa_block",
    q10=Q10(2.5, "assumed", rationale="the blocker comes and goes with the channel open: as the gating of AMPA receptors"),
    equations="""
    dnaspm_block/dt = naspm_access*(naspm_bath*(1 - naspm_block) - naspm_half_block*naspm_block) : 1
    naspm_access = clip(naspm_association_rate*(ampa_open + ampa_tonic_open), 0/mmolar/second, 200/second/(naspm_bath + naspm_half_block)) : 1/mmolar/second
    """,
    parameters=(
        Parameter(
            "naspm_half_block", 0.33, "uM", "NASPM for half block of permeable AMPA receptors",
            "measured", source="Koike1997", preparation="cultured rat hippocampal neurons (type II), "
            "kainate, -60 mV, steady state; Hill 0.94", low=1e-3, high=1e3,
        ),
        Parameter(
            "naspm_association_rate", 10.0, "1/uM/s", "binding of NASPM when all channels are open",
            "assumed", rationale="10 µM block within seconds of synaptic activity; use dependence is "
            "described, no rate", low=1e-4, high=1e4,
        ),
    ),
    requires={
        "ampa_open": "",
        "ampa_tonic_open": "",
        "permeable_ampa_block": "",
        "naspm_bath": "mM",
    },
    after_step="permeable_ampa_block = naspm_block",
)  # fmt: skip
