"""One file for each step of the schema, numbered from 0001."""
