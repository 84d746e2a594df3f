"""A lifetime: windows of spikes, and in between cells, their slow states and the tissue.

Knows no engine: who simulates a window is told by :mod:`unshielded.engine`.
"""
