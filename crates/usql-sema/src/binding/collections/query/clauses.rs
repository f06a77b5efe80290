//! The clauses of a query, read off the flat node that the parser makes of them.

use rowan::{NodeOrToken, ast::AstNode};
use usql_syntax::{
    SyntaxNode,
    ast::{Expr, LinqExpr, Name, TypeRef},
};

use crate::plan::Direction;

/// `name in source`, with the type that may be written before the name.
pub(super) struct Range {
    pub(super) ty: Option<TypeRef>,
    pub(super) name: String,
    pub(super) source: Expr,
}

/// A clause.
pub(super) enum Clause {
    /// `from x in xs`
    From(Range),
    /// `let x = value`
    Let(String, Expr),
    /// `where condition`
    Where(Expr),
    /// `join x in xs on own equals other [into group]`
    Join {
        range: Range,
        own: Expr,
        other: Expr,
        group: Option<String>,
    },
    /// `orderby key, key descending`
    OrderBy(Vec<(Expr, Direction)>),
    /// `select value`
    Select(Expr),
    /// `group value by key`
    Group(Expr, Expr),
    /// `into x`, behind a `select` or a `group`
    Into(String),
}

/// The clauses in order; none where one lacks a part.
pub(super) fn of(query: &LinqExpr) -> Option<Vec<Clause>> {
    let mut words = Words::of(query.syntax());
    let mut clauses = Vec::new();
    while let Some((word, nodes)) = words.next() {
        clauses.push(match word.as_str() {
            "from" => Clause::From(range(&nodes)?),
            "let" => Clause::Let(name(&nodes)?, expression(&nodes)?),
            "where" => Clause::Where(expression(&nodes)?),
            "join" => Clause::Join {
                range: range(&nodes)?,
                own: words.expression("on")?,
                other: words.expression("equals")?,
                group: words.name_if("into"),
            },
            "orderby" => {
                let keys = nodes
                    .iter()
                    .filter_map(|(node, direction)| Some((Expr::cast(node.clone())?, *direction)));
                Clause::OrderBy(keys.collect())
            }
            "select" => Clause::Select(expression(&nodes)?),
            "group" => Clause::Group(expression(&nodes)?, words.expression("by")?),
            "into" => Clause::Into(name(&nodes)?),
            _ => return None,
        });
    }
    Some(clauses)
}

/// The nodes behind a word, each with the direction that follows it.
type Nodes = Vec<(SyntaxNode, Direction)>;

/// The words of a query, each with what stands behind it.
struct Words(std::iter::Peekable<std::vec::IntoIter<(String, Nodes)>>);

impl Words {
    fn of(query: &SyntaxNode) -> Self {
        let mut words: Vec<(String, Nodes)> = Vec::new();
        for part in query.children_with_tokens() {
            match part {
                NodeOrToken::Node(node) => {
                    if let Some((_, nodes)) = words.last_mut() {
                        nodes.push((node, Direction::Ascending));
                    }
                }
                NodeOrToken::Token(token) => match token.text() {
                    "ascending" => {}
                    "descending" => {
                        let nodes = words.last_mut().map(|(_, nodes)| nodes);
                        if let Some((_, direction)) = nodes.and_then(|nodes| nodes.last_mut()) {
                            *direction = Direction::Descending;
                        }
                    }
                    word @ ("from" | "let" | "where" | "join" | "on" | "equals" | "into"
                    | "orderby" | "select" | "group" | "by") => {
                        words.push((word.to_owned(), Vec::new()));
                    }
                    _ => {}
                },
            }
        }
        Self(words.into_iter().peekable())
    }

    fn next(&mut self) -> Option<(String, Nodes)> {
        self.0.next()
    }

    /// The expression behind the next word, which has to be this one.
    fn expression(&mut self, word: &str) -> Option<Expr> {
        let (_, nodes) = self.0.next_if(|(next, _)| next == word)?;
        expression(&nodes)
    }

    /// The name behind the next word, if it is this one.
    fn name_if(&mut self, word: &str) -> Option<String> {
        let (_, nodes) = self.0.next_if(|(next, _)| next == word)?;
        name(&nodes)
    }
}

fn name(nodes: &Nodes) -> Option<String> {
    let name = nodes
        .iter()
        .find_map(|(node, _)| Name::cast(node.clone()))?;
    Some(name.text())
}

fn expression(nodes: &Nodes) -> Option<Expr> {
    nodes.iter().find_map(|(node, _)| Expr::cast(node.clone()))
}

fn range(nodes: &Nodes) -> Option<Range> {
    Some(Range {
        ty: nodes
            .iter()
            .find_map(|(node, _)| TypeRef::cast(node.clone())),
        name: name(nodes)?,
        source: expression(nodes)?,
    })
}
