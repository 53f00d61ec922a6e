"""Benchmarks that the hub runs on itself: quality, time and memory, each beside a peer."""
