"""The model in formats that other simulators read. Needs the extra ``unshielded[sbml]``."""

from unshielded.export.sbml import sbml, to_sbml

__all__ = ["sbml", "to_sbml"]
