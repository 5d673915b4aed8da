"""From a network to code and model files."""
