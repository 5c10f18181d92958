"""Who may call which service of VPC Lattice, by all layers that decide on a call."""
