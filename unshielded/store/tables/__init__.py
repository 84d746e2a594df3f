"""Tables over many runs: sweeps and TMS sessions."""
