"""One typed file describes a shared service mesh on AWS; from it come the mesh and its roles."""
