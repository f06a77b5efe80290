//! A local data lake that runs U-SQL: the store, the service and the engine in one process.
