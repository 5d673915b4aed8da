"""Every quantity of a network."""
