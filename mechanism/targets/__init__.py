"""Printers of expression trees: one file for each language that equations are needed in."""
