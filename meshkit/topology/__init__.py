"""The resolved mesh: every name, ARN, owner and edge, and the rules that check it."""
