"""Reading YAML: data that remember where they were written, and errors with a place."""
