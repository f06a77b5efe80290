//! What every store keeps to, whatever its dialect: one suite, run against each driver of the
//! client. A case that needs what a store lacks shows that the store says so.

#[cfg(test)]
mod appending;
#[cfg(test)]
mod attributes;
#[cfg(test)]
mod capabilities;
#[cfg(test)]
mod expiring;
#[cfg(test)]
mod local;
#[cfg(test)]
mod names;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod store;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod trash;
#[cfg(test)]
mod trees;

#[cfg(test)]
pub(crate) use store::Store;

#[cfg(test)]
/// Makes a test of each case for each store.
macro_rules! on_every_store {
    ($($case:ident),* $(,)?) => {
        mod in_memory {
            $(
                #[test]
                fn $case() {
                    futures::executor::block_on(super::$case(&$crate::Store::in_memory()));
                }
            )*
        }

        mod gen1 {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $case() {
                    super::$case(&$crate::Store::gen1().await).await;
                }
            )*
        }

        mod web_hdfs {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $case() {
                    super::$case(&$crate::Store::web_hdfs().await).await;
                }
            )*
        }
    };
}
#[cfg(test)]
pub(crate) use on_every_store;
