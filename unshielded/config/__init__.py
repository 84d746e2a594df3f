"""Experiments as YAML: reading, checking, resolving.

:func:`load` turns a file, and what is set on the command line, into an :class:`Experiment` or
raises :class:`ConfigError` with every problem and its place.
"""

from unshielded.config.experiment import Experiment, dump
from unshielded.config.json_schema import json_schema
from unshielded.config.load import load, load_data, override, revise
from unshielded.config.reading.errors import ConfigError, Problem
from unshielded.config.sections.catalogue import Catalogue, catalogue
from unshielded.config.sections.schema import Config

__all__ = [
    "Catalogue",
    "Config",
    "ConfigError",
    "Experiment",
    "Problem",
    "catalogue",
    "dump",
    "json_schema",
    "load",
    "load_data",
    "override",
    "revise",
]
