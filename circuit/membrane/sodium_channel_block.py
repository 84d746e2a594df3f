r"""TTX: block of sodium channels, as a lift of the spike threshold; on the slow clock.

.. math:: \Delta\theta = L\,\frac{C}{C + K}

It acts on the cell bodies where it is: fibres that pass through, and terminals, go on conducting.
"""

from unshielded.mechanism import Mechanism, Parameter

sodium_channel_block = Mechanism(
    name="sodium_channel_block",
    equations="",
    parameters=(
        Parameter(
            "ttx_inhibition", 0.01, "uM", "TTX for half block of sodium channels", "assumed",
            rationale="5–15 nM in neurons; 0.5–1 µM are used", low=1e-5, high=100.0,
        ),
        Parameter(
            "ttx_lift", 200.0, "mV", "rise of the spike threshold by full block", "assumed",
            rationale="beyond any potential of the membrane", low=0.0, high=1e3,
        ),
    ),
    requires={"sodium_channel_block": "V", "ttx_bath": "mM"},
    after_step="sodium_channel_block = ttx_lift*ttx_bath/(ttx_bath + ttx_inhibition)",
)  # fmt: skip
