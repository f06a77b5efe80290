use super::*;
use expect_test::{Expect, expect};

fn check(text: &str, expected: &Expect) {
    let (tokens, errors) = lex(text);
    let mut at = 0;
    let mut shown = String::new();
    for (index, token) in tokens.iter().enumerate() {
        let spelling = &text[at..at + token.len as usize];
        at += token.len as usize;
        if token.kind != WHITESPACE {
            shown += &format!("{:?} {spelling}", token.kind);
            if let Some(error) = errors.iter().find(|error| error.token == index) {
                shown += &format!("   <- {}", error.problem);
            }
            shown.push('\n');
        }
    }
    assert_eq!(at, text.len(), "the tokens spell the text");
    expected.assert_eq(&shown);
}

#[test]
fn keywords_are_upper_case_only() {
    check(
        "SELECT select Select FOO",
        &expect![[r#"
        SELECT_KW SELECT
        IDENT select
        IDENT Select
        IDENT FOO
    "#]],
    );
}

#[test]
fn an_at_sign_begins_a_variable_or_a_verbatim_string() {
    check(
        r#"@a @@Sys @"c:\x ""y""" @ @1"#,
        &expect![[r#"
        VARIABLE @a
        SYSTEM_VARIABLE @@Sys
        VERBATIM_STRING @"c:\x ""y"""
        ERROR_TOKEN @   <- '@' needs a name
        ERROR_TOKEN @   <- '@' needs a name
        INTEGER 1
    "#]],
    );
}

#[test]
fn a_bracket_behind_a_cast_quotes_a_name() {
    check(
        "(decimal?) [a b] (string)[c] (x)[0]",
        &expect![[r#"
        L_PAREN (
        BUILTIN_TYPE decimal
        QUESTION ?
        R_PAREN )
        QUOTED_IDENT [a b]
        L_PAREN (
        BUILTIN_TYPE string
        R_PAREN )
        QUOTED_IDENT [c]
        L_PAREN (
        IDENT x
        R_PAREN )
        L_BRACKET [
        INTEGER 0
        R_BRACKET ]
    "#]],
    );
}

#[test]
fn a_bracket_quotes_a_name_unless_it_follows_a_value() {
    check(
        "[a b ]] c] x[0] @v[i] f()[1] a.[b] int[] new [] {} EXTRACT [c] AS []]]",
        &expect![[r#"
            QUOTED_IDENT [a b ]] c]
            IDENT x
            L_BRACKET [
            INTEGER 0
            R_BRACKET ]
            VARIABLE @v
            L_BRACKET [
            IDENT i
            R_BRACKET ]
            IDENT f
            L_PAREN (
            R_PAREN )
            L_BRACKET [
            INTEGER 1
            R_BRACKET ]
            IDENT a
            DOT .
            QUOTED_IDENT [b]
            BUILTIN_TYPE int
            L_BRACKET [
            R_BRACKET ]
            NEW_CSHARP new
            L_BRACKET [
            R_BRACKET ]
            L_BRACE {
            R_BRACE }
            EXTRACT_KW EXTRACT
            QUOTED_IDENT [c]
            AS_KW AS
            QUOTED_IDENT []]]
        "#]],
    );
}

#[test]
fn numbers_have_the_suffixes_of_csharp() {
    check(
        "1 0xFF 0xFFul 1.5 .5 1e3 1.5E-3f 2m 3L 1.ToString 0x 1q 1e",
        &expect![[r#"
            INTEGER 1
            INTEGER 0xFF
            INTEGER 0xFFul
            REAL 1.5
            REAL .5
            REAL 1e3
            REAL 1.5E-3f
            REAL 2m
            INTEGER 3L
            INTEGER 1
            DOT .
            IDENT ToString
            INTEGER 0x   <- the number is malformed
            INTEGER 1q   <- the number is malformed
            INTEGER 1e   <- the number is malformed
        "#]],
    );
}

#[test]
fn literals_end_on_their_line() {
    check(
        "\"a\\\"b\" 'c' '\\'' \"open\n'o\n\"\\é",
        &expect![[r#"
        STRING "a\"b"
        CHAR 'c'
        CHAR '\''
        STRING "open   <- the literal is not closed
        CHAR 'o   <- the literal is not closed
        STRING "\é   <- the literal is not closed
    "#]],
    );
}

#[test]
fn comments_are_trivia() {
    check(
        "// a\n/* b\n */ 1 / 2 /* open",
        &expect![[r#"
        COMMENT // a
        COMMENT /* b
         */
        INTEGER 1
        SLASH /
        INTEGER 2
        COMMENT /* open   <- the comment is not closed
    "#]],
    );
}

#[test]
fn a_closing_angle_is_always_a_token_of_its_own() {
    check(
        "SQL.MAP<int, SQL.ARRAY<int>> a >>b >= c << d",
        &expect![[r#"
        IDENT SQL
        DOT .
        IDENT MAP
        LESS <
        BUILTIN_TYPE int
        COMMA ,
        IDENT SQL
        DOT .
        IDENT ARRAY
        LESS <
        BUILTIN_TYPE int
        GREATER >
        GREATER >
        IDENT a
        GREATER >
        GREATER >
        IDENT b
        GREATER_EQ >=
        IDENT c
        SHIFT_LEFT <<
        IDENT d
    "#]],
    );
}

#[test]
fn a_byte_order_mark_is_white_space_at_the_start_only() {
    check(
        "\u{feff}a \u{feff}",
        &expect![[r#"
        IDENT a
        ERROR_TOKEN ﻿   <- the character has no meaning here
    "#]],
    );
}

#[test]
fn identifiers_follow_unicode() {
    check(
        "größe _x naïve e\u{301} 名前1 “x”",
        &expect![[r#"
        IDENT größe
        IDENT _x
        IDENT naïve
        IDENT é
        IDENT 名前1
        ERROR_TOKEN “   <- the character has no meaning here
        IDENT x
        ERROR_TOKEN ”   <- the character has no meaning here
    "#]],
    );
}
