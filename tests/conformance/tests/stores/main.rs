//! What every store keeps to, whatever its dialect: one suite, run against each driver of the
//! client. A case that needs what a store lacks shows that the store says so.

mod appending;
mod attributes;
mod capabilities;
mod expiring;
mod names;
mod reading;
mod store;
mod streams;
mod trees;

pub(crate) use store::Store;

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
    };
}
pub(crate) use on_every_store;
