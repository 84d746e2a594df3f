"""The one place that joins config, assembly, engine or multiscale solver, and store."""
