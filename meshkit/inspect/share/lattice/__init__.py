"""Sharing on VPC Lattice: what is shared, accepted and joined, and whose turn it is."""
