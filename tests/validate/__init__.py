"""The long simulations behind the report on what the methods can do."""
