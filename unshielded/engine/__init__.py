"""The engine: Brian2 code generation, a cache of compiled programs, and running them."""
