"""Pulumi components for who works on a mesh, and for the accounts around it.

Import them from ``meshkit``: a mesh that has none of them loads none of them.
"""
