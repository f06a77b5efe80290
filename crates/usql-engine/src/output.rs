//! Writing a rowset to one file: encoding in parallel, one writer, whole files or none.

mod encode;
mod write;

pub(crate) use encode::TextEncoder;
pub(crate) use write::write;
