"""Limits of the compiled program that are checked before it starts, without the engine."""

#: External releases per fast step and neuron. Beyond this mean the six terms of the generator
#: (vector_math.h) would cut off more than 1e-4 of them.
MAXIMUM_MEAN = 1.0
