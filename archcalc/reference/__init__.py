"""Pages made from the declarations: the JSON Schema, the layer types, and a file to start from."""
