//! The window functions of a query.

use crate::{
    diagnostics::Location,
    plan::Window,
    types::{Column, Schema, Type},
};

/// The windows that a query computes, each once.
///
/// An expression names the window `i` as the column after the `i` before it and all columns of the input, which is
/// where the rows of [`RowsetKind::Window`](crate::RowsetKind::Window) have it.
#[derive(Debug, Default)]
pub(crate) struct Windows {
    list: Vec<(Window, Type)>,
}

impl Windows {
    /// Where the first is, if there is one.
    pub(crate) fn location(&self) -> Option<Location> {
        self.list.first().map(|(window, _)| window.location)
    }

    /// The position of a window among the windows; an equal one is not computed twice.
    pub(crate) fn add(&mut self, window: Window, ty: Type) -> usize {
        // Printed, a window is without its places in the script.
        let text = window.to_string();
        let known = self
            .list
            .iter()
            .position(|(known, _)| known.to_string() == text);
        known.unwrap_or_else(|| {
            self.list.push((window, ty));
            self.list.len() - 1
        })
    }

    /// The windows, and the columns of an input with theirs behind. Nothing names them; they are numbered.
    pub(crate) fn over(self, input: &Schema) -> (Vec<Window>, Schema) {
        let own = input.columns().iter().cloned();
        let columns = self.list.iter().enumerate();
        let columns =
            columns.map(|(position, (_, ty))| Column::new(format!("window{position}"), *ty));
        let schema = own.chain(columns).collect();
        let windows = self.list.into_iter().map(|(window, _)| window).collect();
        (windows, schema)
    }
}
