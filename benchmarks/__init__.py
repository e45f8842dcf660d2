"""Benchmarks of the workloads the project promises to be fast at, one module per row; they are no tests."""
