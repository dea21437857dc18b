"""Hits -> a verified answer: chosen, judged, cited, or refused with a reason."""
