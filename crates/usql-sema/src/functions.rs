//! The C# functions that a script can call: a file for each family, registered by one line.
//!
//! A signature's [`FunctionId`] is its text, `string.Substring(int)`. The engine keeps a table from these texts
//! to implementations and tests it against [`all`].

mod datetime_parts;
mod string_length;

use std::fmt;

use crate::{
    types::{Scalar, Type},
    value::Value,
};

/// Every function. To add one, add a file (or a row in the file of its family) and a line here.
const REGISTRY: &[&[Function]] = &[datetime_parts::FUNCTIONS, string_length::FUNCTIONS];

/// The name of one signature: `string.Substring(int)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId(&'static str);

impl FunctionId {
    /// The name as text, to look an implementation up by.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for FunctionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A function: where it is found, and what it takes and gives.
#[derive(Debug)]
pub struct Function {
    owner: Owner,
    name: &'static str,
    kind: FunctionKind,
    overloads: &'static [Signature],
}

impl Function {
    /// The type it is a member of.
    #[must_use]
    pub const fn owner(&self) -> Owner {
        self.owner
    }

    /// Its name in that type.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// How it is called.
    #[must_use]
    pub const fn kind(&self) -> FunctionKind {
        self.kind
    }

    /// What it takes and gives.
    #[must_use]
    pub const fn overloads(&self) -> &'static [Signature] {
        self.overloads
    }
}

/// The type that a function is a member of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A scalar type, under either of its names: `string`, `String`.
    Scalar(Scalar),
    /// A class that only has functions: `Math`, `Convert`.
    Class(&'static str),
}

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// `Math.Abs(x)`
    Static,
    /// `DateTime.MinValue`
    StaticProperty,
    /// `x.Substring(1)`: the receiver is the first argument; null raises `NullReferenceException`.
    Method,
    /// `x.Length`: as a method.
    Property,
    /// `new DateTime(2012, 2, 15)`
    Constructor,
}

/// Computes a result while compiling; none where only a run can tell, an exception included.
type Fold = fn(&[Value]) -> Option<Value>;

/// What a function takes and gives.
#[derive(Debug)]
pub struct Signature {
    id: FunctionId,
    parameters: &'static [Type],
    result: Type,
    fold: Option<Fold>,
}

impl Signature {
    /// The name of the signature.
    #[must_use]
    pub const fn id(&self) -> FunctionId {
        self.id
    }

    /// The types of the arguments, the receiver first.
    #[must_use]
    pub const fn parameters(&self) -> &'static [Type] {
        self.parameters
    }

    /// The type of the result.
    #[must_use]
    pub const fn result(&self) -> Type {
        self.result
    }

    /// The result for constant arguments, where it can be known without running the script.
    #[must_use]
    pub fn fold(&self, arguments: &[Value]) -> Option<Value> {
        self.fold.and_then(|fold| fold(arguments))
    }
}

/// Every function that a script can call.
pub fn all() -> impl Iterator<Item = &'static Function> {
    REGISTRY.iter().copied().flatten()
}

/// Shorthand of the registry's files.
const fn signature(id: &'static str, parameters: &'static [Type], result: Type) -> Signature {
    Signature {
        id: FunctionId(id),
        parameters,
        result,
        fold: None,
    }
}

impl Signature {
    /// Gives the signature a way to be evaluated while compiling.
    const fn folded_by(mut self, fold: Fold) -> Self {
        self.fold = Some(fold);
        self
    }
}

const INT: Type = Type::of(Scalar::Int);
const STRING: Type = Type::STRING;
const DATE_TIME: Type = Type::of(Scalar::DateTime);
