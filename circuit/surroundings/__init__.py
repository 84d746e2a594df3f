"""What surrounds a neuron: glutamate, astrocytes, the bath."""
