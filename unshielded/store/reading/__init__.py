"""Reading a result."""
