"""The file: its text, its keys, its expressions, and the declaration that it is read into."""
