//! Real HDFS, held to the suite of what every store keeps to.
//!
//! It is no part of `cargo test`: `cargo xtask interop webhdfs` starts a cluster and runs it, one
//! case after another, since the cluster is one store.

#[cfg(test)]
mod cluster;
#[cfg(test)]
#[path = "../stores"]
mod cases {
    pub(crate) mod appending;
    pub(crate) mod attributes;
    pub(crate) mod capabilities;
    pub(crate) mod names;
    pub(crate) mod reading;
    pub(crate) mod store;
    pub(crate) mod streams;
    pub(crate) mod trash;
    pub(crate) mod trees;
}

#[cfg(test)]
pub(crate) use cases::store::Store;

#[cfg(test)]
/// Makes a test of each case.
macro_rules! on_every_store {
    ($($case:ident),* $(,)?) => {
        mod on_cluster {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $case() {
                    super::$case(&$crate::Store::on_cluster().await).await;
                }
            )*
        }
    };
}
#[cfg(test)]
pub(crate) use on_every_store;
