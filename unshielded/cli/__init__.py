"""The command ``unshielded``: arguments in, text or JSON out, and no science."""
