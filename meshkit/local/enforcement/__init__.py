"""IAM on the local cloud: every call is decided by the policies that apply to its caller.

What AWS would refuse is refused with AWS's error. What can't be decided is refused too, with an
error that says so. Decision record 0017 tells what is decided how.
"""
