//! The ideas behind what users of other clients complained about.
