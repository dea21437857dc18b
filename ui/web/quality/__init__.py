"""The page „Qualität“, for maintainers: measuring, golden questions, feedback."""
