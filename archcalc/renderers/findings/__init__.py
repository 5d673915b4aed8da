"""What a check of files found, a module per format."""
