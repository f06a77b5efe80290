//! Runs checked U-SQL plans on Apache DataFusion.

pub mod dotnet;
