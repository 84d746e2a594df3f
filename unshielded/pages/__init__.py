"""Pages about the model, made from the model: one for each file of mechanisms, and their overview.

Everything on them is read from the expression trees, the parameters and the docstrings, so a new mechanism has a
page without a list that names it. The pages are reStructuredText; ``docs/site`` turns them into HTML.
"""
