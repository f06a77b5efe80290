//! Names of columns, tables, functions and so on.

use crate::SyntaxKind::{self, *};
use crate::TokenSet;
use crate::parser::Parser;

pub(super) const NAME_FIRST: TokenSet = TokenSet::new(&[IDENT, QUOTED_IDENT]);

/// Keywords that mean something in one place only and are names everywhere else.
///
/// The documentation reserves every upper-case word; the service did not insist (`CREATE DATABASE FOO` ran).
const CONTEXTUAL: TokenSet = TokenSet::new(&[
    ANY_KW,
    CREDENTIAL_KW,
    CURRENT_KW,
    DATA_KW,
    DATABASE_KW,
    DOTNET_KW,
    ERROR_KW,
    EXPIRATION_KW,
    EXPORT_KW,
    FIRST_KW,
    FUNCTION_KW,
    HASH_KW,
    INDEX_KW,
    JVM_KW,
    LOCATION_KW,
    LOOP_KW,
    MERGE_KW,
    NAME_KW,
    NEXT_KW,
    NONE_KW,
    ONLY_KW,
    PACKAGE_KW,
    PAIR_KW,
    PARTITION_KW,
    PROCEDURE_KW,
    PYTHON_KW,
    RESOURCE_KW,
    RETURNS_KW,
    ROW_KW,
    SCHEMA_KW,
    SERIAL_KW,
    SOURCE_KW,
    STATISTICS_KW,
    SYSTEM_KW,
    TYPE_KW,
    UNIFORM_KW,
    UNIVERSE_KW,
    VIEW_KW,
    WARNING_KW,
    WEIGHT_KW,
]);

/// Whether `kind` can be a name.
pub(super) fn is_name(kind: SyntaxKind) -> bool {
    NAME_FIRST.contains(kind) || CONTEXTUAL.contains(kind)
}

/// Whether a name begins here.
pub(super) fn at_name(p: &mut Parser<'_>) -> bool {
    p.at_any(NAME_FIRST) || CONTEXTUAL.contains(p.current())
}

/// Parses `name`.
pub(super) fn name(p: &mut Parser<'_>) {
    if at_name(p) {
        let name = p.start();
        bump_name(p);
        name.complete(p, NAME);
    } else {
        p.error();
    }
}

/// Takes the current token as a name.
pub(super) fn bump_name(p: &mut Parser<'_>) {
    p.bump_as(if p.current() == QUOTED_IDENT {
        QUOTED_IDENT
    } else {
        IDENT
    });
}

/// Whether `kind` can be a name behind a `.`: also the function in `FILE.EXISTS(..)` and `PARTITION.EXISTS(..)`.
pub(super) fn is_member_name(kind: SyntaxKind) -> bool {
    is_name(kind) || kind == EXISTS_KW
}

/// Takes the name behind a `.`.
pub(super) fn member_name(p: &mut Parser<'_>) {
    if p.current() == VARIABLE {
        // A function that a package declares: `package.@function(..)`.
        p.bump();
    } else if p.at_any(NAME_FIRST) || is_member_name(p.current()) {
        bump_name(p);
    } else {
        p.error();
    }
}

/// Parses `[[database.]schema.]name`; the schema may be empty: `database..name`.
pub(super) fn object_name(p: &mut Parser<'_>) {
    let object = p.start();
    name(p);
    while p.eat(DOT) {
        let segment = p.start();
        if !p.at(DOT) {
            member_name(p);
        }
        segment.complete(p, NAME);
    }
    object.complete(p, OBJECT_NAME);
}

/// Parses `name {',' name}`.
pub(super) fn name_list(p: &mut Parser<'_>) {
    super::comma_separated(p, name);
}

#[cfg(test)]
mod tests {
    use crate::grammar::testing::check;
    use expect_test::expect;

    #[test]
    fn keywords_of_one_place_are_names_elsewhere() {
        check(
            "USE DATA;",
            &expect![[r#"
                USE_STATEMENT USE
                  NAME DATA
                  ;"#]],
        );
        check(
            "CREATE DATABASE FOO;",
            &expect![[r#"
                CREATE_DATABASE_STATEMENT CREATE DATABASE
                  NAME FOO
                  ;"#]],
        );
    }
}
