"""The local cloud: an AWS good enough to deploy a mesh on, and programs run against it."""
