"""The benchmarks: `python -m tests.bench`, which `make bench` calls."""
