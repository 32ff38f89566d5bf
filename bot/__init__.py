"""Moonballot: a self-hosted Discord bot for crypto communities."""

__version__ = "0.1.0"
