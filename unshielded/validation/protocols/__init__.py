"""The protocols: for each target a module with its ``TARGET``, and the experiments that it runs.

A module is found by being here; the targets come in the order of the modules' names.
"""
