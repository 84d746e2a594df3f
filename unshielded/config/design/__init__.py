"""Designs of many runs: sweeps, samples, trials."""
