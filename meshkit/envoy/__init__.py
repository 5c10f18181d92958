"""Wiring of the Envoy proxy: ECS containers, EKS annotations, EC2 user data."""
