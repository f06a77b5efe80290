//! What stands behind FROM.

use rowan::ast::{AstChildren, AstNode, support};

use super::{
    Alias, ArgumentList, Expr, ObjectName, Query, ValuesQuery, ast_enum, ast_node, has_token, token,
};
use crate::SyntaxKind::{
    ANTISEMIJOIN_KW, CROSS_KW, FULL_KW, LEFT_KW, OUTER_KW, RIGHT_KW, SEMIJOIN_KW, UNPIVOT_KW,
    VARIABLE,
};

ast_node! {
    /// `FROM source [joins]`.
    FromClause = FROM_CLAUSE
}

impl FromClause {
    /// The first source.
    pub fn source(&self) -> Option<Source> {
        support::child(self.syntax())
    }

    /// What is joined or applied to it, from left to right.
    pub fn continuations(&self) -> AstChildren<Continuation> {
        support::children(self.syntax())
    }

    /// The joins among the continuations.
    pub fn joins(&self) -> AstChildren<JoinClause> {
        support::children(self.syntax())
    }
}

ast_enum! {
    /// What rows are taken from.
    Source {
        /// `@rowset [AS alias]`.
        Variable(VariableSource),
        /// `table [AS alias]`.
        Object(ObjectSource),
        /// `function(arguments) AS alias`.
        Call(CallSource),
        /// `(query) AS alias`.
        Subquery(SubquerySource),
        /// `(VALUES ..) AS alias(columns)`.
        Values(ValuesSource),
        /// `EXTERNAL ..`.
        External(ExternalSource),
        /// `(source joins)`.
        Joined(JoinedSource),
    }
}

impl Source {
    /// The name given with AS.
    pub fn alias(&self) -> Option<Alias> {
        support::child(self.syntax())
    }
}

ast_enum! {
    /// What follows a source.
    Continuation {
        /// A join.
        Join(JoinClause),
        /// `CROSS|OUTER APPLY`.
        Apply(ApplyClause),
        /// `PIVOT|UNPIVOT`.
        Pivot(PivotClause),
    }
}

ast_node! {
    /// `@rowset [AS alias]`.
    VariableSource = VARIABLE_SOURCE
}

impl VariableSource {
    /// The rowset variable's name with its `@`.
    pub fn variable_name(&self) -> Option<String> {
        token(self.syntax(), VARIABLE).map(|token| token.text().to_owned())
    }
}

ast_node! {
    /// `table [AS alias]`.
    ObjectSource = OBJECT_SOURCE
}

impl ObjectSource {
    /// The table or view.
    pub fn name(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `function(arguments) AS alias`.
    CallSource = CALL_SOURCE
}

impl CallSource {
    /// The function.
    pub fn name(&self) -> Option<ObjectName> {
        support::child(self.syntax())
    }

    /// The variable of a script-bound function, with its `@`.
    pub fn variable_name(&self) -> Option<String> {
        token(self.syntax(), VARIABLE).map(|token| token.text().to_owned())
    }

    /// The arguments.
    pub fn arguments(&self) -> Option<ArgumentList> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `(query) AS alias`.
    SubquerySource = SUBQUERY_SOURCE
}

impl SubquerySource {
    /// The query.
    pub fn query(&self) -> Option<Query> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `(VALUES ..) AS alias(columns)`.
    ValuesSource = VALUES_SOURCE
}

impl ValuesSource {
    /// The rows.
    pub fn values(&self) -> Option<ValuesQuery> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `EXTERNAL source LOCATION|EXECUTE text AS alias`.
    ExternalSource = EXTERNAL_SOURCE
}

ast_node! {
    /// `(source joins)`.
    JoinedSource = JOINED_SOURCE
}

impl JoinedSource {
    /// The first source.
    pub fn source(&self) -> Option<Source> {
        support::child(self.syntax())
    }

    /// What is joined or applied to it.
    pub fn continuations(&self) -> AstChildren<Continuation> {
        support::children(self.syntax())
    }
}

ast_node! {
    /// `JOIN source [ON condition]`.
    JoinClause = JOIN_CLAUSE
}

/// Which join.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum JoinKind {
    /// `[INNER] JOIN`.
    Inner,
    /// `LEFT [OUTER] JOIN`, and OUTER JOIN alone.
    Left,
    /// `RIGHT [OUTER] JOIN`.
    Right,
    /// `FULL [OUTER] JOIN`.
    Full,
    /// `CROSS JOIN`.
    Cross,
    /// `[LEFT] SEMIJOIN`.
    LeftSemi,
    /// `RIGHT SEMIJOIN`.
    RightSemi,
    /// `[LEFT] ANTISEMIJOIN`.
    LeftAnti,
    /// `RIGHT ANTISEMIJOIN`.
    RightAnti,
}

impl JoinClause {
    /// Which join this is.
    pub fn kind(&self) -> JoinKind {
        let has = |kind| has_token(self.syntax(), kind);
        match (has(SEMIJOIN_KW), has(ANTISEMIJOIN_KW), has(RIGHT_KW)) {
            (true, _, false) => JoinKind::LeftSemi,
            (true, _, true) => JoinKind::RightSemi,
            (_, true, false) => JoinKind::LeftAnti,
            (_, true, true) => JoinKind::RightAnti,
            (false, false, true) => JoinKind::Right,
            _ if has(CROSS_KW) => JoinKind::Cross,
            _ if has(FULL_KW) => JoinKind::Full,
            _ if has(LEFT_KW) || has(OUTER_KW) => JoinKind::Left,
            _ => JoinKind::Inner,
        }
    }

    /// What is joined.
    pub fn source(&self) -> Option<Source> {
        support::child(self.syntax())
    }

    /// The condition behind ON.
    pub fn on(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `CROSS|OUTER APPLY applier AS alias(columns)`.
    ApplyClause = APPLY_CLAUSE
}

impl ApplyClause {
    /// Whether rows without a match are kept.
    pub fn is_outer(&self) -> bool {
        has_token(self.syntax(), OUTER_KW)
    }

    /// The applier, `EXPLODE(..)` for example.
    pub fn applier(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// The applied rows, if they are VALUES.
    pub fn values(&self) -> Option<ValuesQuery> {
        support::child(self.syntax())
    }

    /// The alias with its columns.
    pub fn alias(&self) -> Option<Alias> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `PIVOT (..)` or `UNPIVOT (..)`; what is in the parentheses is kept as tokens.
    PivotClause = PIVOT_CLAUSE
}

impl PivotClause {
    /// Whether this is UNPIVOT.
    pub fn is_unpivot(&self) -> bool {
        has_token(self.syntax(), UNPIVOT_KW)
    }
}
