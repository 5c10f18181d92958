"""What people write: the mesh file as frozen, strict models, and how it is read."""
