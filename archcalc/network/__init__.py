"""What a network is, and how one is built: data, formulas, no file."""
