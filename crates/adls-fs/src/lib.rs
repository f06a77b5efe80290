//! Azure Data Lake Store as a file system.
