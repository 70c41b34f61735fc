"""Everything that touches the world; each folder knows the core, never a sibling."""
