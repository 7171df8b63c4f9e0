"""What benchmarks share: walls and cameras to measure, options, and the files of results."""
