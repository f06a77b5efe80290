//! Everything can be moved to another thread: a multi-threaded runtime asks for it.

use adla_jobs::{JobClient, Submission};
use uuid::Uuid;

use crate::fake::fresh;

fn may_move<T: Send>(_: T) {}

#[test]
fn operations_may_run_on_any_thread() {
    let (_, client, _) = fresh();
    let submission = Submission::new("n", "s");
    let id = Uuid::nil();
    may_move(client.submit(&submission));
    may_move(client.build(&submission));
    may_move(client.get(id));
    may_move(client.list());
    may_move(client.cancel(id));
    may_move(client.wait(id));
    may_move(client.states(id));
    may_move(client.statistics(id));
    may_move(client.debug_data_path(id));
    fn is_shared<T: Send + Sync + Clone + 'static>() {}
    is_shared::<JobClient>();
}
