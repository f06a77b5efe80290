//! U-SQL lexer, lossless syntax tree, typed AST and diagnostics; parsing never fails.
