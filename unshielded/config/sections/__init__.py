"""The sections of a config, each beside its rules."""
