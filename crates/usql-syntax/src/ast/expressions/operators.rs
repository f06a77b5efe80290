//! Operators.

use rowan::ast::{AstNode, support};

use super::Expr;
use crate::ast::{TypeRef, ast_node, nth_child, tokens};
use crate::{SyntaxKind, SyntaxToken};

ast_node! {
    /// `left operator right`.
    BinaryExpr = BINARY_EXPR
}

/// An operator between two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulo,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `<`
    Less,
    /// `>`
    Greater,
    /// `<=`
    LessOrEqual,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `&`
    BitAnd,
    /// `^`
    BitXor,
    /// `|`
    BitOr,
    /// `&&`, which evaluates its right operand only if it must.
    AndAlso,
    /// `||`, which evaluates its right operand only if it must.
    OrElse,
    /// `AND`, whose operands may be evaluated in any order.
    And,
    /// `OR`, whose operands may be evaluated in any order.
    Or,
    /// `??`
    Coalesce,
    /// `=`, which C# parses as an expression and which U-SQL has no use for.
    Assign,
}

impl BinaryOperator {
    /// The operator as it is written.
    pub fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulo => "%",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::Less => "<",
            Self::Greater => ">",
            Self::LessOrEqual => "<=",
            Self::GreaterOrEqual => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::BitAnd => "&",
            Self::BitXor => "^",
            Self::BitOr => "|",
            Self::AndAlso => "&&",
            Self::OrElse => "||",
            Self::And => "AND",
            Self::Or => "OR",
            Self::Coalesce => "??",
            Self::Assign => "=",
        }
    }
}

impl BinaryExpr {
    /// The left operand.
    pub fn left(&self) -> Option<Expr> {
        nth_child(self.syntax(), 0)
    }

    /// The right operand.
    pub fn right(&self) -> Option<Expr> {
        nth_child(self.syntax(), 1)
    }

    /// The operator's token; the first `>` of `>>`.
    pub fn operator_token(&self) -> Option<SyntaxToken> {
        tokens(self.syntax()).next()
    }

    /// The operator.
    pub fn operator(&self) -> Option<BinaryOperator> {
        let mut tokens = tokens(self.syntax());
        Some(match tokens.next()?.kind() {
            SyntaxKind::PLUS => BinaryOperator::Add,
            SyntaxKind::MINUS => BinaryOperator::Subtract,
            SyntaxKind::STAR => BinaryOperator::Multiply,
            SyntaxKind::SLASH => BinaryOperator::Divide,
            SyntaxKind::PERCENT => BinaryOperator::Modulo,
            SyntaxKind::SHIFT_LEFT => BinaryOperator::ShiftLeft,
            SyntaxKind::LESS => BinaryOperator::Less,
            SyntaxKind::GREATER if tokens.next().is_some() => BinaryOperator::ShiftRight,
            SyntaxKind::GREATER => BinaryOperator::Greater,
            SyntaxKind::LESS_EQ => BinaryOperator::LessOrEqual,
            SyntaxKind::GREATER_EQ => BinaryOperator::GreaterOrEqual,
            SyntaxKind::EQ_EQ => BinaryOperator::Equal,
            SyntaxKind::NOT_EQ => BinaryOperator::NotEqual,
            SyntaxKind::AMP => BinaryOperator::BitAnd,
            SyntaxKind::CARET => BinaryOperator::BitXor,
            SyntaxKind::PIPE => BinaryOperator::BitOr,
            SyntaxKind::AMP_AMP => BinaryOperator::AndAlso,
            SyntaxKind::PIPE_PIPE => BinaryOperator::OrElse,
            SyntaxKind::AND_KW => BinaryOperator::And,
            SyntaxKind::OR_KW => BinaryOperator::Or,
            SyntaxKind::EQ => BinaryOperator::Assign,
            SyntaxKind::QUESTION_QUESTION => BinaryOperator::Coalesce,
            _ => return None,
        })
    }
}

ast_node! {
    /// An operator before its operand.
    UnaryExpr = UNARY_EXPR
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `+`
    Plus,
    /// `-`
    Negate,
    /// `!` or `NOT`
    Not,
    /// `~`
    Complement,
    /// `++`
    Increment,
    /// `--`
    Decrement,
}

impl UnaryExpr {
    /// The operator.
    pub fn operator(&self) -> Option<UnaryOperator> {
        Some(match tokens(self.syntax()).next()?.kind() {
            SyntaxKind::PLUS => UnaryOperator::Plus,
            SyntaxKind::MINUS => UnaryOperator::Negate,
            SyntaxKind::BANG | SyntaxKind::NOT_KW => UnaryOperator::Not,
            SyntaxKind::TILDE => UnaryOperator::Complement,
            SyntaxKind::PLUS_PLUS => UnaryOperator::Increment,
            SyntaxKind::MINUS_MINUS => UnaryOperator::Decrement,
            _ => return None,
        })
    }

    /// The operand.
    pub fn operand(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `operand++` or `operand--`.
    PostfixExpr = POSTFIX_EXPR
}

ast_node! {
    /// `condition ? when_true : when_false`.
    ConditionalExpr = CONDITIONAL_EXPR
}

impl ConditionalExpr {
    /// The condition.
    pub fn condition(&self) -> Option<Expr> {
        nth_child(self.syntax(), 0)
    }

    /// The value if the condition holds.
    pub fn when_true(&self) -> Option<Expr> {
        nth_child(self.syntax(), 1)
    }

    /// The value if it does not.
    pub fn when_false(&self) -> Option<Expr> {
        nth_child(self.syntax(), 2)
    }
}

ast_node! {
    /// `(expression)`.
    ParenExpr = PAREN_EXPR
}

impl ParenExpr {
    /// The expression inside.
    pub fn inner(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `(type)operand`.
    CastExpr = CAST_EXPR
}

impl CastExpr {
    /// The type.
    pub fn ty(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }

    /// The operand.
    pub fn operand(&self) -> Option<Expr> {
        support::child(self.syntax())
    }
}

ast_node! {
    /// `operand is type` or `operand as type`.
    TypeTestExpr = TYPE_TEST_EXPR
}

impl TypeTestExpr {
    /// Whether this is `as`, and not `is`.
    pub fn is_as(&self) -> bool {
        crate::ast::has_token(self.syntax(), SyntaxKind::AS_CSHARP)
    }

    /// The operand.
    pub fn operand(&self) -> Option<Expr> {
        support::child(self.syntax())
    }

    /// The type.
    pub fn ty(&self) -> Option<TypeRef> {
        support::child(self.syntax())
    }
}
