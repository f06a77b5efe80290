//! Lists taken apart and put together.

use std::sync::Arc;

use datafusion::arrow::{
    array::{Array, ArrayRef, AsArray, ListArray, UInt32Array},
    buffer::{OffsetBuffer, ScalarBuffer},
    compute,
    datatypes::DataType,
};
use usql_sema::Type;

use crate::{
    error::RuntimeError,
    eval::{Exception, Failure, Result},
    storage,
};

/// The most elements that the collections of a batch have together. Beyond, a script asks for more than memory.
pub(super) const MAX_ELEMENTS: usize = 1 << 26;

/// The collections of a batch: their elements side by side.
#[derive(Debug, Clone)]
pub(super) struct Lists {
    /// Where each row's elements begin; one more than rows, from 0 on.
    pub(super) offsets: Vec<usize>,
    pub(super) elements: ArrayRef,
}

/// What .NET throws for a collection that is not there.
pub(super) fn null_source() -> Exception {
    Exception::new(
        "ArgumentNullException",
        "Value cannot be null.\nParameter name: source",
    )
}

/// What .NET throws where an element is asked for and there is none.
pub(super) fn no_elements() -> Exception {
    Exception::new("InvalidOperationException", "Sequence contains no elements")
}

/// What .NET throws for more elements than there can be.
pub(super) fn too_many() -> Exception {
    Exception::new(
        "OutOfMemoryException",
        "The collections of a batch have more elements than memory is given to.",
    )
}

impl Lists {
    /// Takes an array of lists apart; a null list raises.
    pub(super) fn of(array: &ArrayRef) -> Result<Self> {
        if array.null_count() > 0 {
            return Err(null_source().into());
        }
        let list: &ListArray = array.as_list();
        let offsets = list.value_offsets();
        let (first, last) = (
            offsets.first().copied().unwrap_or(0),
            offsets.last().copied().unwrap_or(0),
        );
        let elements = list.values().slice(first as usize, (last - first) as usize);
        let offsets = offsets.iter().map(|offset| (offset - first) as usize);
        Ok(Self {
            offsets: offsets.collect(),
            elements,
        })
    }

    /// How many collections there are.
    pub(super) fn count(&self) -> usize {
        self.offsets.len() - 1
    }

    /// The positions of each collection's elements.
    pub(super) fn ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> {
        self.offsets.windows(2).map(|pair| pair[0]..pair[1])
    }

    /// The row of each element.
    pub(super) fn parents(&self) -> UInt32Array {
        let mut parents = Vec::with_capacity(self.elements.len());
        for (row, range) in self.ranges().enumerate() {
            parents.resize(parents.len() + range.len(), row as u32);
        }
        parents.into()
    }

    /// The same collections with other elements in the place of these.
    pub(super) fn with_elements(&self, elements: ArrayRef) -> Self {
        Self {
            offsets: self.offsets.clone(),
            elements,
        }
    }

    /// Collections of some of the elements.
    pub(super) fn chosen(&self, chosen: &Chosen) -> Result<Self> {
        let indices = UInt32Array::from(chosen.indices.clone());
        Ok(Self {
            offsets: chosen.offsets.clone(),
            elements: compute::take(&self.elements, &indices, None)?,
        })
    }

    /// An array of lists, of a type of collections.
    pub(super) fn into_array(self, ty: Type) -> Result<ArrayRef> {
        if self.elements.len() > MAX_ELEMENTS {
            return Err(too_many().into());
        }
        let DataType::List(field) = storage::data_type(ty.scalar()) else {
            return Err(Failure::Error(RuntimeError::bug(format!(
                "{ty} is no list"
            ))));
        };
        let offsets: Vec<i32> = self.offsets.iter().map(|offset| *offset as i32).collect();
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
        let list = ListArray::try_new(field, offsets, self.elements, None)?;
        Ok(Arc::new(list))
    }
}

/// Elements by their positions, row by row.
#[derive(Debug)]
pub(super) struct Chosen {
    indices: Vec<u32>,
    offsets: Vec<usize>,
}

impl Chosen {
    /// None yet, of no row.
    pub(super) fn new() -> Self {
        Self {
            indices: Vec::new(),
            offsets: vec![0],
        }
    }

    /// Chooses an element for the row that is being filled.
    pub(super) fn push(&mut self, index: usize) {
        self.indices.push(index as u32);
    }

    /// Chooses elements for the row that is being filled.
    pub(super) fn extend(&mut self, indices: impl Iterator<Item = usize>) {
        self.indices.extend(indices.map(|index| index as u32));
    }

    /// Goes on to the next row.
    pub(super) fn end_row(&mut self) -> Result<()> {
        if self.indices.len() > MAX_ELEMENTS {
            return Err(too_many().into());
        }
        self.offsets.push(self.indices.len());
        Ok(())
    }

    /// The positions chosen and where each row's begin.
    pub(super) fn into_parts(self) -> (Vec<u32>, Vec<usize>) {
        (self.indices, self.offsets)
    }
}
