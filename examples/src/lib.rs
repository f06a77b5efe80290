//! One file a task, under `examples/`.
