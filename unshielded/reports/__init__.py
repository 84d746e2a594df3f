"""A result as one page: HTML that needs no network, with figures, evidence and how to repeat it."""
