//! The C# functions that a script can call: a file for each family, registered by one line.
//!
//! A signature's [`FunctionId`] is its text, `string.Substring(int)`. The engine keeps a table from these texts
//! to implementations and tests it against [`all`].

mod boolean;
mod character;
mod convert;
mod datetime_arithmetic;
mod datetime_format;
mod datetime_make;
mod datetime_now;
mod datetime_parts;
mod guid;
mod math;
mod number;
mod path;
mod regex;
mod string_case;
mod string_compare;
mod string_edit;
mod string_measure;
mod string_search;
mod time_span;
mod try_parse;
pub(crate) mod unimplemented;

pub(crate) use datetime_make::from_parts as datetime_from_parts;

use std::{collections::HashMap, fmt, sync::LazyLock};

use crate::{
    types::{Element, Enumeration, Scalar, Type},
    value::Value,
};

/// Every function. To add one, add a file (or a row in the file of its family) and a line here.
const REGISTRY: &[&[Function]] = &[
    boolean::FUNCTIONS,
    character::FUNCTIONS,
    convert::FUNCTIONS,
    datetime_arithmetic::FUNCTIONS,
    datetime_format::FUNCTIONS,
    datetime_make::FUNCTIONS,
    datetime_now::FUNCTIONS,
    datetime_parts::FUNCTIONS,
    guid::FUNCTIONS,
    math::FUNCTIONS,
    number::FUNCTIONS,
    number::OF_DECIMAL,
    number::OF_DOUBLE,
    number::OF_FLOAT,
    path::FUNCTIONS,
    regex::OF_COLLECTIONS,
    regex::OF_GROUP,
    regex::OF_MATCH,
    regex::OF_REGEX,
    string_case::FUNCTIONS,
    string_compare::FUNCTIONS,
    string_edit::FUNCTIONS,
    string_measure::FUNCTIONS,
    string_search::FUNCTIONS,
    time_span::FUNCTIONS,
    try_parse::FUNCTIONS,
];

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Owner {
    /// A scalar type, under either of its names: `string`, `String`.
    Scalar(Scalar),
    /// A class that only has functions: `Math`, `Convert`.
    Class(&'static str),
}

impl Owner {
    /// The name as scripts write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Scalar(scalar) => scalar.name(),
            Self::Class(name) => name,
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FunctionKind {
    /// `Math.Abs(x)`
    Static,
    /// `DateTime.MinValue`
    StaticProperty,
    /// `x.Substring(1)`: the receiver is the first argument; null raises `NullReferenceException`.
    Method,
    /// `x.Length`: as a method.
    Property,
    /// `xs[1]`: as a method.
    Indexer,
    /// `new DateTime(2012, 2, 15)`
    Constructor,
    /// `int.TryParse(text, out x)`: null where that gives false, and otherwise what `x` is.
    Attempt,
}

impl FunctionKind {
    /// Whether the first argument is what it is called on.
    #[must_use]
    pub const fn has_receiver(self) -> bool {
        matches!(self, Self::Method | Self::Property | Self::Indexer)
    }
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

    /// Whether there is a result for constant arguments.
    #[cfg(test)]
    pub(crate) const fn is_folded(&self) -> bool {
        self.fold.is_some()
    }

    /// The result for constant arguments, where it can be known without running the script.
    #[must_use]
    pub fn fold(&self, arguments: &[Value]) -> Option<Value> {
        self.fold.and_then(|fold| fold(arguments))
    }
}

/// What is called by a name: a script of many calls asks often.
struct Index {
    functions: HashMap<(Owner, &'static str, FunctionKind), &'static Function>,
    classes: HashMap<&'static str, Owner>,
}

static INDEX: LazyLock<Index> = LazyLock::new(|| Index {
    functions: all()
        .map(|function| ((function.owner, function.name, function.kind), function))
        .collect(),
    classes: all()
        .filter_map(|function| match function.owner {
            Owner::Class(name) => Some((name, function.owner)),
            Owner::Scalar(_) => None,
        })
        .collect(),
});

/// Finds a function by where it is and how it is called.
pub(crate) fn find(owner: Owner, name: &str, kind: FunctionKind) -> Option<&'static Function> {
    INDEX.functions.get(&(owner, name, kind)).copied()
}

/// The constructor of a type.
pub(crate) fn constructor(scalar: Scalar) -> Option<&'static Function> {
    find(
        Owner::Scalar(scalar),
        scalar.name(),
        FunctionKind::Constructor,
    )
}

/// The type or class that a name means before a dot.
pub(crate) fn owner_named(name: &str) -> Option<Owner> {
    let scalar = Scalar::named(name).map(Owner::Scalar);
    scalar.or_else(|| INDEX.classes.get(name).copied())
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

/// The members of one owner, a line for each signature: its name, what it takes and gives, and how it is folded.
macro_rules! members {
    ($owner:expr; $($kind:ident $name:literal {
        $($id:literal [$($parameter:expr),*] -> $result:expr $(=> $fold:expr)?),+ $(,)?
    })*) => {
        &[$(Function {
            owner: $owner,
            name: $name,
            kind: FunctionKind::$kind,
            overloads: &[$(signature($id, &[$($parameter),*], $result)$(.folded_by($fold))?),+],
        }),*]
    };
}
use members;

// The files of the registry name types in short.
const BOOL: Type = Type::BOOL;
const BYTES: Type = Type::of(Scalar::Bytes);
const GUID: Type = Type::of(Scalar::Guid);
const SBYTE: Type = Type::of(Scalar::SByte);
const BYTE: Type = Type::of(Scalar::Byte);
const USHORT: Type = Type::of(Scalar::UShort);
const UINT: Type = Type::of(Scalar::UInt);
const ULONG: Type = Type::of(Scalar::ULong);
const CHAR: Type = Type::of(Scalar::Char);
const SHORT: Type = Type::of(Scalar::Short);
const INT: Type = Type::of(Scalar::Int);
const LONG: Type = Type::of(Scalar::Long);
const FLOAT: Type = Type::of(Scalar::Float);
const DOUBLE: Type = Type::of(Scalar::Double);
const DECIMAL: Type = Type::of(Scalar::Decimal);
const STRING: Type = Type::STRING;
const DATE_TIME: Type = Type::of(Scalar::DateTime);
const COMPARISON: Type = Type::of(Scalar::Enum(Enumeration::StringComparison));
const TIME_SPAN: Type = Type::of(Scalar::TimeSpan);
const STRINGS: Type = Type::of(Scalar::Sequence(Element::known(&STRING)));

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn one_id_has_one_signature() {
        let mut seen: BTreeMap<FunctionId, (&[Type], Type)> = BTreeMap::new();
        for signature in all().flat_map(Function::overloads) {
            let known = seen
                .entry(signature.id())
                .or_insert((signature.parameters(), signature.result()));
            assert_eq!(
                *known,
                (signature.parameters(), signature.result()),
                "{}",
                signature.id()
            );
        }
    }

    #[test]
    fn an_id_spells_its_parameters() {
        for function in all() {
            let receiver = function.kind().has_receiver();
            for signature in function.overloads() {
                let parameters: Vec<String> = signature.parameters()[usize::from(receiver)..]
                    .iter()
                    .map(ToString::to_string)
                    .collect();
                let spelt = format!("({})", parameters.join(","));
                let has_list = signature.id().as_str().ends_with(&spelt);
                assert!(
                    has_list || parameters.is_empty(),
                    "{} has not {spelt}",
                    signature.id()
                );
            }
        }
    }
}
