"""Experiments on a spiking motor circuit and what its activity does inside the neurons."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("unshielded")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0+unknown"

__all__ = ["__version__"]
