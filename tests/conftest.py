"""What holds for every test: how property tests draw their examples."""

from __future__ import annotations

from hypothesis import settings

# The default run draws the same examples every time, so that a red test is the change's fault.
# No deadline: a shared machine stalls now and then.
settings.register_profile("default", derandomize=True, deadline=None, max_examples=50)
settings.register_profile("fuzz", deadline=None, max_examples=1000)
settings.load_profile("default")
