//! The entry: text in, tree and errors out.

use rowan::{GreenNode, TextRange, TextSize};

use crate::parser::{Input, Parser, build_tree};
use crate::{SyntaxError, SyntaxNode, ast, grammar, lexer};
use rowan::ast::AstNode;

/// Parses a script. Never fails: what is wrong with it is in [`Parse::diagnostics`].
///
/// ```
/// use usql_syntax::parse;
///
/// let parse = parse("DROP DATABASE IF EXIST FOO;");
/// assert_eq!(parse.syntax().to_string(), "DROP DATABASE IF EXIST FOO;");
/// assert_eq!(
///     parse.diagnostics()[0].message(),
///     "E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: EXISTS ",
/// );
/// ```
///
/// # Panics
/// If the text is 4 GiB long or longer.
pub fn parse(text: &str) -> Parse {
    assert!(
        u32::try_from(text.len()).is_ok(),
        "a script is shorter than 4 GiB"
    );
    let (tokens, lex_errors) = lexer::lex(text);
    let input = Input::new(text, &tokens, &lex_errors);
    let mut parser = Parser::new(&input);
    grammar::script(&mut parser);
    let (events, mut errors) = parser.finish();
    let green = build_tree(text, &tokens, events);
    errors.extend(trivia_errors(text, &tokens, &lex_errors));
    errors.sort_by_key(|error| error.range().start());
    Parse { green, errors }
}

/// What is wrong with white space and comments, which the grammar does not see.
fn trivia_errors(
    text: &str,
    tokens: &[lexer::Token],
    errors: &[lexer::LexError],
) -> Vec<SyntaxError> {
    let mut found = Vec::new();
    for error in errors
        .iter()
        .filter(|error| tokens[error.token].kind.is_trivia())
    {
        let start: u32 = tokens[..error.token].iter().map(|token| token.len).sum();
        let token = tokens[error.token];
        let range = TextRange::at(TextSize::from(start), TextSize::from(token.len));
        found.push(SyntaxError::malformed(
            range,
            token.kind,
            &text[range],
            error.problem,
        ));
    }
    found
}

/// A parsed script: a tree that spells the text, and the syntax errors in it.
#[derive(Clone, Debug)]
pub struct Parse {
    green: GreenNode,
    errors: Vec<SyntaxError>,
}

impl Parse {
    /// The root of the lossless tree.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }

    /// The typed view of the tree.
    pub fn script(&self) -> ast::Script {
        ast::Script::cast(self.syntax()).expect("the root of a tree is a script")
    }

    /// The syntax errors, by position. Empty if the script is well formed.
    pub fn diagnostics(&self) -> &[SyntaxError] {
        &self.errors
    }
}
