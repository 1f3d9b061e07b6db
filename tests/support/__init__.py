"""Shared test support: builders, Hypothesis strategies, reference implementations, known results."""
