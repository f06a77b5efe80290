//! Statements without a grammar of their own.

use rowan::ast::AstNode;

use crate::ast::{ast_node, tokens};

ast_node! {
    /// A statement that is recognised by its first words only, `CREATE TABLE ..` for example.
    OtherStatement = OTHER_STATEMENT
}

impl OtherStatement {
    /// The keywords that tell what the statement is: `CREATE TABLE`.
    pub fn title(&self) -> String {
        let keywords = tokens(self.syntax()).take_while(|token| token.kind().is_keyword());
        let words = keywords
            .map(|token| token.text().to_owned())
            .take_while(|word| word != "IF");
        words.collect::<Vec<_>>().join(" ")
    }
}
