//! What DataFusion's windows lack: percentiles, and memory that is counted.

mod partitions;
mod percentile;

pub(crate) use partitions::CountedWindows;
pub(crate) use percentile::percentile;
