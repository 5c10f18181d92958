"""The resolved landing zone: names, e-mail addresses, where everything is; and its rules."""
