"""Calcium in the cytosol: entry, buffers, extrusion."""
