"""Writing a result."""
