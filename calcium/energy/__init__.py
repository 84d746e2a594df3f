"""Energy: ATP, the pumps that use it, and what each use costs."""
