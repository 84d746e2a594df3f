"""Statistics by libraries: regressions, survival, intervals. They know no files.

`survival` holds lifetimes, their curves and tests; `cox` hazard ratios; `logistic` the dose at
which half die; `firth` a threshold from few trials; `intervals` those of means and differences.
"""
