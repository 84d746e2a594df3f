"""How far runs are: a bar or a table on a terminal and in a notebook, JSON lines elsewhere."""
