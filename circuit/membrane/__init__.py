"""The membrane of a neuron: leak, threshold, intrinsic currents."""
