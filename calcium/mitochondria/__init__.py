"""Mitochondria: calcium, potential, oxidants, the permeability transition."""
