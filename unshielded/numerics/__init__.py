"""Numerical methods. They know no biology."""
