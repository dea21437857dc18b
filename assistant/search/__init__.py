"""A query -> ranked hits: words and vectors joined, reranked, explained."""
