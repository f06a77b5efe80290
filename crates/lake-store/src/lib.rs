//! A data lake on a local disk: namespace and file bytes, accounts, jobs; no HTTP, no U-SQL.
