"""AWS Resource Access Manager."""
