"""Inputs as texts of the core, and Outputs that wait, by the name that the roles know them by."""

from meshkit.inputs import after, applied, as_text, as_texts

__all__ = ["after", "applied", "as_text", "as_texts"]
