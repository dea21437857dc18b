"""The collection and its indexes: types, library, generations, German analysis, embedder."""
