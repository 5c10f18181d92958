"""IAM policies of a mesh: what each proxy may do, who may take its role, and nothing more."""
