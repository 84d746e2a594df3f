"""Statistics of times of death and of dose responses. They know no files."""
