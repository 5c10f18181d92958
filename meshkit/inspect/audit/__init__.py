"""Who did what to a mesh, from the events of CloudTrail."""
