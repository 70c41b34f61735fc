"""GitHub as a source: public pull requests without a token, any that a token may read with one."""
