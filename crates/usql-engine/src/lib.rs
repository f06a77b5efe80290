//! Runs checked U-SQL plans on Apache DataFusion.
