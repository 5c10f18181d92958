"""AWS App Mesh."""
