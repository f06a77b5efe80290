//! The rows of many groups at once.

use datafusion::{
    arrow::array::{Array, ArrayRef, BooleanArray, new_empty_array},
    error::Result,
    logical_expr::{EmitTo, GroupsAccumulator},
};

use super::Summary;

/// What is known of the rows of each group.
#[derive(Debug)]
pub(super) struct Grouped<S> {
    none: S,
    groups: Vec<S>,
}

impl<S: Summary> Grouped<S> {
    pub(super) fn new(none: S) -> Self {
        Self {
            none,
            groups: Vec::new(),
        }
    }

    fn states(groups: &[S]) -> Result<Vec<ArrayRef>> {
        if groups.is_empty() {
            let types = S::state_types();
            return Ok(types.iter().map(new_empty_array).collect());
        }
        S::states(groups)
    }
}

/// Whether a filter lets a row pass.
fn passes(filter: Option<&BooleanArray>, row: usize) -> bool {
    filter.is_none_or(|filter| filter.is_valid(row) && filter.value(row))
}

impl<S: Summary> GroupsAccumulator for Grouped<S> {
    fn update_batch(
        &mut self,
        values: &[ArrayRef],
        group_indices: &[usize],
        filter: Option<&BooleanArray>,
        total_num_groups: usize,
    ) -> Result<()> {
        self.groups.resize(total_num_groups, self.none.clone());
        let groups = &mut self.groups;
        self.none.read(&values[0], |row, one| {
            if passes(filter, row) {
                let group = &mut groups[group_indices[row]];
                *group = group.join(&one);
            }
        });
        Ok(())
    }

    fn merge_batch(
        &mut self,
        states: &[ArrayRef],
        group_indices: &[usize],
        total_num_groups: usize,
    ) -> Result<()> {
        self.groups.resize(total_num_groups, self.none.clone());
        for (part, group) in self.none.parts(states).iter().zip(group_indices) {
            let group = &mut self.groups[*group];
            *group = group.join(part);
        }
        Ok(())
    }

    fn evaluate(&mut self, emit_to: EmitTo) -> Result<ArrayRef> {
        let groups = emit_to.take_needed(&mut self.groups);
        // Without a group there is still a column, of the type of any group's.
        match groups.as_slice() {
            [] => Ok(S::results(std::slice::from_ref(&self.none))?.slice(0, 0)),
            groups => S::results(groups),
        }
    }

    fn state(&mut self, emit_to: EmitTo) -> Result<Vec<ArrayRef>> {
        Self::states(&emit_to.take_needed(&mut self.groups))
    }

    fn convert_to_state(
        &self,
        values: &[ArrayRef],
        filter: Option<&BooleanArray>,
    ) -> Result<Vec<ArrayRef>> {
        let mut rows = vec![self.none.clone(); values[0].len()];
        self.none.read(&values[0], |row, one| {
            if passes(filter, row) {
                rows[row] = one;
            }
        });
        Self::states(&rows)
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.groups.capacity() * size_of::<S>()
    }
}
