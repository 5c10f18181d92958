"""The report: one HTML page on a mesh that opens from disk and needs nothing else."""
