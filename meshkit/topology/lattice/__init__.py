"""A mesh as VPC Lattice takes it: plain values, and what of App Mesh is lost on the way."""
