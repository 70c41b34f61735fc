"""The dev log: published roasts as pages, feeds and files for other logs; served, or built as a static site."""
