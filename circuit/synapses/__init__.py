"""Synapses: release, receptors, input from outside the circuit."""
