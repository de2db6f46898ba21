"""Områdesbild: collect, analyse and publish figures about every area of a city."""

__version__ = "0.1.0"
METHOD_VERSION = "2026-11"
