"""Simulations that show what the methods can do: `script/validate` makes docs/validation.md of them."""
