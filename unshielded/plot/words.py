"""Names of settings as words: acronyms of the field in its own letters."""

from __future__ import annotations

from typing import Final

_ACRONYMS: Final = {
    "kv7": "Kv7", "katp": "K-ATP", "tdp43": "TDP-43", "mk801": "MK-801", "ru360": "Ru360", "mptp": "mPTP",
    **{
        name: name.upper()
        for name in (
            "adp", "ahp", "ampa", "apv", "atp", "eaat2", "eaat3", "gaba", "mcu", "naspm", "nbqx", "nclx", "ncx",
            "nmda", "pdc", "pmca", "ros", "tboa", "ttx",
        )
    },
}  # fmt: skip


def words(name: str) -> str:
    """Write the name of a setting as words.

    Examples
    --------
    >>> words("nmda_conductance"), words("katp_constant"), words("gaba_a_unit")
    ('NMDA conductance', 'K-ATP constant', 'GABA-A unit')
    """
    text = " ".join(_ACRONYMS.get(word, word) for word in name.split("_"))
    return text.replace("GABA a ", "GABA-A ").replace("GABA b ", "GABA-B ")
