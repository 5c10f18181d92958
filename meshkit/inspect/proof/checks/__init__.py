"""The checks of the proof, one function each."""
