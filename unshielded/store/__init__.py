"""Results on disk: from the engine's raw scratch files to one immutable HDF5, and back."""
