"""What is recorded of the slow states: names, units for display, and what they mean."""

#: State or named line → (unit, meaning), cells first, then the tissue.
RECORDED: dict[str, tuple[str, str]] = {
    "mitochondrial_reserve": ("", "functional mitochondria over those of a young cell"),
    "damaged_mitochondria": ("", "mitochondria that wait for mitophagy, over all of a young cell"),
    "antioxidant_defence": ("", "capacity of the antioxidant defence over that of a young cell"),
    "misfolded_load": ("", "misfolded protein over that of a healthy young cell"),
    "clean_up_capacity": ("", "capacity of the clean-up over that of a healthy young cell"),
    "stress_granules": ("", "share of what can condense that is in stress granules"),
    "tdp43_mislocalised": ("", "share of TDP-43 that has left the nucleus"),
    "upkeep_share": ("", "share of the full upkeep that the energy allows"),
    "headroom": ("", "1 less use over capacity of ATP in the soma"),
    "added_maintenance": ("mM/s", "ATP for clean-up and renewal beyond housekeeping"),
    "distal_mitochondria": ("", "functional mitochondria at the axon's end over a young axon's"),
    "distal_margin": ("", "1 less demand over capacity at the axon's end"),
    "junction_transmission": (
        "",
        "share of what its junctions ask for that the axon's end can pay",
    ),
    "innervation": ("", "share of the unit's own muscle fibres that it holds"),
    "sprouts": ("", "fibres taken over from others, over the unit's own number"),
    "eaat2_left": ("", "astrocytic EAAT2 that is left"),
    "body_reserve": ("", "the body's reserve of energy over that of a healthy young one"),
    "nutrition": ("", "substrate that the body offers its cells over that of a fed one"),
}
