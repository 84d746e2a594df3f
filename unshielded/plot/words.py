"""Names as figures and reports print them: populations, muscles and settings as words."""

from __future__ import annotations

from typing import Final

#: Population → its name, in the plural.
_POPULATIONS: Final = {
    "pyramidal": "Pyramidal cells",
    "motor_s": "S motor neurons",
    "motor_fr": "FR motor neurons",
    "motor_ff": "FF motor neurons",
    "motor_buffered": "Buffered motor neurons",
    "oculomotor": "Oculomotor neurons",
    "pv": "PV interneurons",
    "sst": "SST interneurons",
    "vip": "VIP interneurons",
    "v2a": "V2a interneurons",
    "v1": "V1 interneurons",
    "v2b": "V2b interneurons",
    "renshaw": "Renshaw cells",
    "ia": "Ia interneurons",
}

#: Those whose name begins with a plain word.
_LOWER: Final = ("pyramidal", "motor_buffered", "oculomotor")

#: What the letters before motor neurons are.
UNIT_TYPES: Final = (
    "Motor neurons of slow (S), fast fatigue-resistant (FR) and fast fatigable (FF) units."
)

_MUSCLES: Final = {
    "limb": "Limb",
    "limb_control": "Limb (buffered pool)",
    "oculomotor": "Eye muscles",
}

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


def name_of(population: str) -> str:
    """Write the name of a population; one that the circuit does not have is written as words.

    Examples
    --------
    >>> name_of("motor_fr"), name_of("pv"), name_of("my_cells")
    ('FR motor neurons', 'PV interneurons', 'My cells')
    """
    text = words(population)
    return _POPULATIONS.get(population, text[:1].upper() + text[1:])


def names_of(populations: str) -> str:
    """Write the populations that a text of code names lists, such as an order of pools.

    Examples
    --------
    >>> names_of("motor_ff, motor_fr")
    'FF motor neurons, FR motor neurons'
    """
    return ", ".join(name_of(part.strip()) for part in populations.split(","))


def neuron(population: str, number: int | None = None) -> str:
    """Write what one neuron of a population is, with its number if it has one.

    Examples
    --------
    >>> neuron("renshaw"), neuron("motor_fr", 3)
    ('Renshaw cell', 'FR motor neuron 3')
    """
    one = name_of(population).removesuffix("s")
    return one if number is None else f"{one} {number}"


def in_sentence(population: str) -> str:
    """Write the name of a population inside a sentence.

    Examples
    --------
    >>> in_sentence("pyramidal"), in_sentence("renshaw"), in_sentence("pv")
    ('pyramidal cells', 'Renshaw cells', 'PV interneurons')
    """
    text = name_of(population)
    return text[0].lower() + text[1:] if population in _LOWER else text


def muscle(name: str) -> str:
    """Write the name of a muscle.

    Examples
    --------
    >>> muscle("limb_control"), muscle("hand")
    ('Limb (buffered pool)', 'Hand')
    """
    text = words(name)
    return _MUSCLES.get(name, text[:1].upper() + text[1:])


def words(name: str) -> str:
    """Write the name of a setting as words.

    Examples
    --------
    >>> words("nmda_conductance"), words("katp_constant"), words("gaba_a_unit")
    ('NMDA conductance', 'K-ATP constant', 'GABA-A unit')
    """
    text = " ".join(_ACRONYMS.get(word, word) for word in name.split("_"))
    return text.replace("GABA a ", "GABA-A ").replace("GABA b ", "GABA-B ")
