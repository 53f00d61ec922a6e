"""The command line: the contract's verbs over the use cases, tables for people and JSON for machines."""

from hub.cli.app import main

__all__ = ["main"]
