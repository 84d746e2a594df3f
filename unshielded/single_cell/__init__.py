"""One cell alone, without the engine: the same equations as a closed system.

For implicit solvers, fixed points, sensitivities and export. There are no spikes in it: a
firing is a rate, with what each spike lets in spread over time.
"""

from unshielded.single_cell.cell import Cell, cell
from unshielded.single_cell.solve import Change, SingleCellRun, solve

__all__ = ["Cell", "Change", "SingleCellRun", "cell", "solve"]
