"""From code and model files to a flat graph, and from that to a file that people read."""
