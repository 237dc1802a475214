"""Small text files: opened safely, read as YAML nodes with line numbers, told of in plain words."""
