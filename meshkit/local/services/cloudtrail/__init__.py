"""CloudTrail: the calls that the local cloud answered, and the look-up of them."""
