"""Whether the network and the services of a mesh on VPC Lattice are as its file says."""
