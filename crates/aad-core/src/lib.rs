//! The floor of every Azure Data Lake client: credentials trait, OAuth types, transport seam and pipeline.
