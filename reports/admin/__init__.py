"""The desk's pages of editions, who gets them, and what became of each mail."""
