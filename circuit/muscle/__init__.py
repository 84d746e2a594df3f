"""Motor units and the muscle fibres they drive."""
