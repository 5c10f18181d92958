"""Confirmation: whether the proxies that run hold the permission that the file gives them.

The steps are those of the App Mesh User Guide, "Envoy Proxy authorization", "Confirm permission",
as API calls: from the workload to its role, and from the role to what it may do.
"""
