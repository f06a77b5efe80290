//! Typed scalar expressions with nothing left to infer.
//!
//! # Null
//! C#, not SQL. Each kind below says what a null operand does. In short: arithmetic lifts (null in, null out),
//! comparisons always answer `true` or `false`, and conditions are never null because they are of type `bool`.
//!
//! # Nullability of operands
//! Where two operands must agree, they agree in their *scalar*; one may be nullable and the other not.
//! `T` to `T?` needs no node: a type may admit null where the operation never yields it, as in `(int?) 1`. `T?` to `T` does: a [`Convert`](ExpressionKind::Convert) that raises on null.

mod collection;
mod walk;

pub use collection::{Absent, Collection, CollectionOperation, Duplicates, EmptyParts, Lambda};

use crate::{
    diagnostics::Location,
    functions::FunctionId,
    types::{Scalar, Type},
    value::Value,
};

/// How deep the value of a variable or of a CASE may be nested.
///
/// The parser bounds how deep a script nests. These two make expressions that are deeper than what is written;
/// the bound keeps recursion over expressions, here and in every consumer, within any thread's stack.
pub(crate) const MAX_DEPTH: usize = 400;

/// An expression over the columns of one rowset.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    /// What it computes.
    pub kind: ExpressionKind,
    /// The type of its value.
    pub ty: Type,
    /// Where the script says so; for run-time errors.
    pub location: Location,
}

/// What an expression computes.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpressionKind {
    /// A column of the input rowset, by position.
    Column(usize),
    /// A constant.
    Constant(Value),
    /// C#'s conversion from the operand's type to the type of this node.
    ///
    /// Null stays null, except that a conversion of `T?` to a type that is not nullable raises on null
    /// (`InvalidOperationException`: "Nullable object must have a value.").
    /// Between numbers: integers wrap or raise as `overflow` says; `float`/`double` to an integer truncates
    /// towards zero; everything to or from `decimal` raises when it does not fit.
    /// To `string`: `ToString()` under the en-US culture, as concatenation needs it.
    Convert {
        /// What is converted.
        operand: Box<Expression>,
        /// What an integer that does not fit does.
        overflow: Overflow,
    },
    /// An operation on one operand.
    Unary {
        /// The operation.
        operation: UnaryOperation,
        /// The operand; its scalar is that of this node.
        operand: Box<Expression>,
    },
    /// An operation on two operands of the same scalar.
    Binary {
        /// The operation.
        operation: BinaryOperation,
        /// The scalar of both operands.
        scalar: Scalar,
        /// The left operand.
        left: Box<Expression>,
        /// The right operand.
        right: Box<Expression>,
    },
    /// `condition ? then : otherwise`. Only the branch taken is evaluated.
    Conditional {
        /// A `bool`.
        condition: Box<Expression>,
        /// The value when it is true.
        then: Box<Expression>,
        /// The value when it is false.
        otherwise: Box<Expression>,
    },
    /// `left ?? right`. The right operand is evaluated only where the left is null.
    Coalesce {
        /// A nullable expression.
        left: Box<Expression>,
        /// The value in place of null.
        right: Box<Expression>,
    },
    /// Whether the operand is null; a `bool`.
    IsNull(Box<Expression>),
    /// Whether the operand equals one of the list, by [`Equal`](BinaryOperation::Equal); a `bool`.
    In {
        /// What is looked for.
        operand: Box<Expression>,
        /// Where; at least one, of the operand's scalar.
        list: Vec<Expression>,
    },
    /// T-SQL's LIKE, case-sensitive, by code unit: `%`, `_`, `[a-z]`, `[^a-z]`; a `bool`, false where either is null.
    Like {
        /// A string.
        operand: Box<Expression>,
        /// A string.
        pattern: Box<Expression>,
        /// The character that takes the next one's meaning away.
        escape: Option<char>,
    },
    /// A call of a registered function.
    Call {
        /// Which one; see [`functions::all`](crate::functions::all).
        function: FunctionId,
        /// The arguments, of exactly the types of the signature (up to nullability). The receiver comes first.
        arguments: Vec<Expression>,
    },
    /// An operation on collections.
    Collection(Box<Collection>),
    /// A parameter of a lambda around the expression, counted from the outermost.
    Parameter(usize),
}

/// What happens when an integer does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Overflow {
    /// It wraps: C#'s default for what is not constant, and `unchecked(..)`.
    Wrap,
    /// It raises (`OverflowException`): `checked(..)`.
    Raise,
}

/// An operation on one operand. Null in, null out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperation {
    /// `-x` on `int`, `long`, `float`, `double`, `decimal` or `TimeSpan`.
    Negate(Overflow),
    /// `~x` on `int`, `uint`, `long` or `ulong`.
    Complement,
    /// `!x` on `bool`.
    Not,
}

/// An operation on two operands of one scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperation {
    /// `+` on `int`, `uint`, `long`, `ulong`, `float`, `double` or `decimal`, as all arithmetic; null if either is.
    ///
    /// The overflow is about integers. `decimal` always raises, `float` and `double` never do.
    /// `+` and `-` are also those of `TimeSpan`, which always raise.
    Add(Overflow),
    /// `-`
    Subtract(Overflow),
    /// `*`
    Multiply(Overflow),
    /// `/`: truncates on integers and raises on an integer or decimal zero (`DivideByZeroException`);
    /// the least integer divided by -1 raises (`OverflowException`).
    Divide,
    /// `%`: the sign of the dividend; raises as `/` does.
    Remainder,
    /// `<<` on `int`, `uint`, `long` or `ulong`: only the low 5 (6) bits of the `int` on the right count.
    ///
    /// The right operand has its own scalar, `int`; so has that of `>>`.
    ShiftLeft,
    /// `>>`, with the sign on signed types.
    ShiftRight,
    /// `&` on integers: null if either is. On `bool?`: three-valued, false if either is false.
    BitAnd,
    /// `|` on integers: null if either is. On `bool?`: three-valued, true if either is true.
    BitOr,
    /// `^`; null if either is.
    BitXor,
    /// `DateTime + TimeSpan`, whose right operand has its own scalar; null if either is.
    ///
    /// The scalar of the operation is `DateTime`. Out of the years 1 to 9999 raises (`ArgumentOutOfRangeException`).
    After,
    /// `DateTime - TimeSpan`, as [`After`](Self::After).
    Before,
    /// `DateTime - DateTime`, a `TimeSpan`; null if either is.
    Between,
    /// `+` on strings; null counts as the empty string, the result is never null.
    Concat,
    /// `==`: null equals null and nothing else; strings by code unit; `decimal` by value; NaN equals nothing.
    Equal,
    /// `!=`: the opposite of `==`.
    NotEqual,
    /// `<`; false where either is null, as the three below.
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `AND` on `bool`: both sides may be evaluated, in any order.
    And,
    /// `OR` on `bool`: both sides may be evaluated, in any order.
    Or,
    /// `&&` on `bool`: the right side is evaluated only where the left is true.
    AndAlso,
    /// `||` on `bool`: the right side is evaluated only where the left is false.
    OrElse,
}

impl BinaryOperation {
    /// The operator as a script writes it.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add(_) | Self::After | Self::Concat => "+",
            Self::Subtract(_) | Self::Before | Self::Between => "-",
            Self::Multiply(_) => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::BitAnd => "&",
            Self::BitOr => "|",
            Self::BitXor => "^",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::And => "AND",
            Self::Or => "OR",
            Self::AndAlso => "&&",
            Self::OrElse => "||",
        }
    }
}
