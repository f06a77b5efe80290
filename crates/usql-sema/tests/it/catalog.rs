//! Databases, schemas, views and table types.

use expect_test::{Expect, expect};
use usql_sema::{
    CompileEnvironment, FileInfo, LakePath,
    catalog::{Catalog, Definition, Item, ItemKind, MemoryCatalog, ObjectName, SchemaName},
};

use super::print;

/// A lake with a catalog, in which every file is there.
#[derive(Default)]
pub(crate) struct Account(MemoryCatalog);

impl CompileEnvironment for Account {
    fn file(&self, path: &LakePath) -> Option<FileInfo> {
        (path.path() != "/missing").then(|| FileInfo::of_length(1))
    }

    fn catalog(&self) -> &dyn Catalog {
        &self.0
    }
}

impl Account {
    /// Runs a script, which compiles.
    #[track_caller]
    pub(crate) fn run(&mut self, script: &str) {
        let plan = usql_sema::check(&usql_syntax::parse(script), self);
        let plan = plan.unwrap_or_else(|found| panic!("{found:#?}"));
        let committed = self.0.commit(plan.changes());
        committed.expect("nobody else changes it");
    }

    /// Compares what checking a script gives.
    #[track_caller]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "an expectation is written in place"
    )]
    pub(crate) fn check(&self, script: &str, expected: Expect) {
        expected.assert_eq(&print(&usql_sema::check(&usql_syntax::parse(script), self)));
    }

    /// The names of all that there is.
    fn names(&self) -> Vec<String> {
        self.0.items().map(|(item, _)| item.to_string()).collect()
    }
}

#[test]
fn a_script_that_only_changes_the_catalog_needs_no_output() {
    Account::default().check(
        "DROP DATABASE IF EXISTS Sales;
CREATE DATABASE Sales;
USE DATABASE Sales;
CREATE SCHEMA [My Schema];
USE SCHEMA [My Schema];
CREATE TYPE Pair AS TABLE (a int, b string);
CREATE VIEW IF NOT EXISTS dbo.V AS SELECT * FROM (VALUES (1)) AS T(x);",
        expect![[r#"
            drop database if exists Sales
            create database Sales
            create schema Sales.My Schema
            create table type Sales.My Schema.Pair
            create view if not exists Sales.dbo.V
        "#]],
    );
}

#[test]
fn a_view_is_bound_where_it_is_used_and_twice_is_once() {
    let mut account = Account::default();
    account.run(
        r#"CREATE VIEW V AS EXTRACT a int, b string FROM "/in" USING Extractors.Csv();
CREATE VIEW Big AS SELECT a FROM V WHERE a > 10;"#,
    );
    account.check(
        r#"@x = SELECT V.a, w.a AS c FROM V JOIN master.dbo.Big AS w ON V.a == w.a;
OUTPUT @x TO "/x" USING Outputters.Csv();
OUTPUT V TO "/v" USING Outputters.Csv();"#,
        expect![[r#"
            r0 = extract /in text(',') -> (a int, b string)
            r1 = filter r0 (#0 >int 10) -> (a int, b string)
            r2 = project r1 [#0] -> (a int)
            r3 = inner join r0 r2 on [#0 == #0] -> (a int, b string, a int)
            r4 = project r3 [#0, #2] -> (a int, c int)
            output r4 to /x text(',')
            output r0 to /v text(',')
        "#]],
    );
}

#[test]
fn views_of_views_grow_no_faster_than_their_texts() {
    let mut account = Account::default();
    account.run(r#"CREATE VIEW V0 AS EXTRACT a int FROM "/in" USING Extractors.Csv();"#);
    for level in 1..=60 {
        let below = level - 1;
        account.run(&format!(
            "CREATE VIEW V{level} AS SELECT l.a FROM V{below} AS l JOIN V{below} AS r ON l.a == r.a;"
        ));
    }
    let script = usql_syntax::parse(r#"OUTPUT V60 TO "/x" USING Outputters.Csv();"#);
    let plan = usql_sema::check(&script, &account).unwrap();
    assert_eq!(plan.rowsets().count(), 121);
}

#[test]
fn a_view_sees_nothing_of_the_script_that_uses_it() {
    let mut account = Account::default();
    account.run("CREATE DATABASE Other; USE DATABASE Other; CREATE VIEW Inner AS SELECT 1 AS x FROM (VALUES (1)) AS T(y);\nCREATE VIEW master.dbo.Outer AS SELECT x FROM Inner;");
    account.check(
        r#"DECLARE @v int = 1;
OUTPUT (SELECT x FROM dbo.Outer) TO "/x" USING Outputters.Csv();
CREATE VIEW Bad AS SELECT x + @v AS y FROM Outer;"#,
        expect![[r#"
            3:31 115..117 E_CSC_USER_VARIABLENOTDECLARED: The variable @v is not declared.
        "#]],
    );
}

#[test]
fn what_is_wrong_inside_of_a_view_is_said_of_its_use() {
    let mut account = Account::default();
    account.run(
        r#"CREATE VIEW Base AS SELECT 1 AS x FROM (VALUES (1)) AS T(y);
CREATE VIEW V AS
    SELECT x FROM Base;
CREATE VIEW W AS SELECT x FROM V;
DROP VIEW Base;
CREATE VIEW Base AS SELECT 1 AS z FROM (VALUES (1)) AS T(y);"#,
    );
    account.check(
        r#"
OUTPUT (SELECT x FROM W) TO "/x" USING Outputters.Csv();"#,
        expect![[r#"
            2:23 23..24 E_CSC_USER_COLUMNNOTFOUND: In the view 'master.dbo.W', 1:32: In the view 'master.dbo.V', 2:12: The column 'x' is not found. Columns here: z.
        "#]],
    );
}

/// One script cannot make such views, but two that run at once can.
#[test]
fn a_view_that_uses_itself_is_refused_where_it_is_used() {
    let view = |name: &str, of: &str| {
        let item = ObjectName::resolve(&[name.to_owned()], &SchemaName::default());
        let definition = Definition {
            kind: ItemKind::View,
            text: format!("CREATE VIEW {name} AS SELECT x FROM {of};"),
            context: SchemaName::default(),
        };
        (Item::Object(item.unwrap()), definition)
    };
    let account = Account([view("A", "B"), view("B", "A")].into_iter().collect());
    let script = usql_syntax::parse(r#"OUTPUT A TO "/x" USING Outputters.Csv();"#);
    let found = usql_sema::check(&script, &account).unwrap_err();
    let [found] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(found.location.to_string(), "1:8");
    assert!(
        found
            .message
            .ends_with("so deep inside of others is not supported."),
        "{}",
        found.message
    );
    assert!(found.message.len() < 20_000, "{}", found.message.len());
}

#[test]
fn nothing_is_said_of_what_follows_from_an_error() {
    Account::default().check(
        r#"CREATE VIEW A AS SELECT nope FROM (VALUES (1)) AS T(y);
CREATE VIEW B AS SELECT x FROM A;
OUTPUT B TO "/b" USING Outputters.Csv();
CREATE VIEW C AS SELECT FROM x;
OUTPUT C TO "/c" USING Outputters.Csv();
USE DATABASE Nowhere;
CREATE SCHEMA S;
OUTPUT S.V TO "/v" USING Outputters.Csv();"#,
        expect![[r#"
            1:25 24..28 E_CSC_USER_COLUMNNOTFOUND: The column 'nope' is not found. Columns here: y.
            4:25 155..159 E_CSC_USER_SYNTAXERROR: syntax error. Expected one of: identifier quoted-identifier variable '(' CASE DISTINCT NOT system-variable built-in-type integer-literal real-literal string-literal verbatim-string-literal char-literal checked default false new null true typeof unchecked '*' '+' '-' '!' '~' '++' '--' 
            6:14 217..224 E_CSC_USER_DDLENTITYDOESNOTEXIST: The database 'Nowhere' does not exist.
        "#]],
    );
}

#[test]
fn a_script_sees_its_own_changes() {
    let mut account = Account::default();
    account.run("CREATE VIEW V AS SELECT 1 AS old FROM (VALUES (1)) AS T(y);");
    account.check(
        r#"OUTPUT V TO "/a" USING Outputters.Csv();
DROP VIEW V;
CREATE VIEW V AS SELECT 2 AS fresh FROM (VALUES (1)) AS T(y);
OUTPUT V TO "/b" USING Outputters.Csv();
DROP VIEW V;
OUTPUT V TO "/c" USING Outputters.Csv();"#,
        expect![[r#"
            6:8 177..178 E_CSC_USER_NOTSUPPORTED: There is no view 'master.dbo.V', and a table is not supported.
        "#]],
    );
}

#[test]
fn dropping_a_database_drops_what_is_in_it() {
    let mut account = Account::default();
    account.run("CREATE DATABASE D; USE D; CREATE SCHEMA S; CREATE TYPE S.T AS TABLE (a int); CREATE TYPE T AS TABLE (a int); CREATE TYPE master.dbo.T AS TABLE (a int);");
    assert_eq!(account.names().len(), 5);
    account.check(
        "DROP DATABASE D; CREATE DATABASE D; USE D; CREATE TYPE T AS TABLE (b int); DROP SCHEMA S;",
        expect![[r#"
            1:88 87..88 E_CSC_USER_DDLENTITYDOESNOTEXIST: The schema 'D.S' does not exist.
        "#]],
    );
    account.run("DROP DATABASE D; CREATE DATABASE D; USE D; CREATE TYPE T AS TABLE (b int);");
    assert_eq!(account.names(), ["D", "D.dbo.T", "master.dbo.T"]);
}

#[test]
fn what_is_there_or_missing_or_something_else_is_an_error_at_its_name() {
    let mut account = Account::default();
    account.run("CREATE DATABASE D; CREATE VIEW V AS SELECT 1 AS x FROM (VALUES (1)) AS T(y);");
    account.check(
        r#"CREATE DATABASE D;
CREATE DATABASE d;
CREATE VIEW V AS SELECT 1 AS x FROM (VALUES (1)) AS T(y);
CREATE TYPE IF NOT EXISTS V AS TABLE (a int);
CREATE VIEW Nowhere.V AS SELECT 1 AS x FROM (VALUES (1)) AS T(y);
CREATE VIEW Nowhere.dbo.V AS SELECT 1 AS x FROM (VALUES (1)) AS T(y);
DROP VIEW v;
DROP VIEW IF EXISTS v;
DROP TYPE V;
DROP TYPE IF EXISTS V;
DROP PROCEDURE V;
DROP FUNCTION F;
DROP DATABASE master;
DROP DATABASE IF EXISTS master;
DROP SCHEMA dbo;
DROP SCHEMA IF EXISTS S;
DROP TABLE IF EXISTS T;
DROP TABLE T;
CREATE SCHEMA dbo;
CREATE VIEW usql.V AS SELECT 1 AS x FROM (VALUES (1)) AS T(y);
USE DATABASE Nowhere;
USE SCHEMA Nowhere;
DROP VIEW a.b.c.d;
DROP VIEW D..V;
@u = SELECT * FROM usql.views;
@t = SELECT * FROM T;
@t = SELECT * FROM dbo.T AS t;
OUTPUT T TO "/x" USING Outputters.Csv();"#,
        expect![[r#"
            1:17 16..17 E_CSC_USER_DDLENTITYALREADYEXISTS: The database 'D' already exists.
            3:13 50..51 E_CSC_USER_DDLENTITYALREADYEXISTS: The view 'master.dbo.V' already exists.
            5:13 154..163 E_CSC_USER_DDLENTITYDOESNOTEXIST: The schema 'master.Nowhere' does not exist.
            6:13 220..233 E_CSC_USER_DDLENTITYDOESNOTEXIST: The database 'Nowhere' does not exist.
            7:11 288..289 E_CSC_USER_DDLENTITYDOESNOTEXIST: The view 'master.dbo.v' does not exist.
            12:15 382..383 E_CSC_USER_DDLENTITYDOESNOTEXIST: The table-valued function 'master.dbo.F' does not exist.
            13:15 399..405 E_CSC_USER_DDLENTITYBUILTIN: The database 'master' is built in and cannot be changed.
            14:25 431..437 E_CSC_USER_DDLENTITYBUILTIN: The database 'master' is built in and cannot be changed.
            15:13 451..454 E_CSC_USER_DDLENTITYBUILTIN: The schema 'master.dbo' is built in and cannot be changed.
            18:1 505..518 E_CSC_USER_NOTSUPPORTED: The statement DROP TABLE is not supported.
            19:15 533..536 E_CSC_USER_DDLENTITYALREADYEXISTS: The schema 'master.dbo' already exists.
            20:13 550..556 E_CSC_USER_DDLENTITYBUILTIN: The schema 'master.usql' is built in and cannot be changed.
            21:14 614..621 E_CSC_USER_DDLENTITYDOESNOTEXIST: The database 'Nowhere' does not exist.
            23:11 653..660 E_CSC_USER_INVALIDOBJECTNAME: 'a.b.c.d' is not the name of an object.
            25:20 697..707 E_CSC_USER_NOTSUPPORTED: A view of the catalog itself is not supported.
        "#]],
    );
}

#[test]
fn a_view_over_a_missing_file_is_refused_when_it_is_made() {
    Account::default().check(
        r#"CREATE VIEW V AS EXTRACT a int FROM "/missing" USING Extractors.Csv();"#,
        expect![[r#"
            1:37 36..46 E_CSC_USER_FILENOTFOUND: The input file '/missing' does not exist.
        "#]],
    );
}

#[test]
fn an_extract_takes_columns_from_table_types() {
    let mut account = Account::default();
    account.run("CREATE TYPE type1 AS TABLE (UserId int, Start DateTime); CREATE TYPE type2 AS TABLE (Urls string); CREATE TYPE wide AS TABLE (a SQL.ARRAY<int>);");
    account.check(
        r#"@s = EXTRACT type1.*, Duration int?, master.dbo.type2.* FROM "/in" USING Extractors.Tsv();
OUTPUT @s TO "/x" USING Outputters.Csv();"#,
        expect![[r#"
            r0 = extract /in text('\t') -> (UserId int, Start DateTime, Duration int?, Urls string)
            output r0 to /x text(',')
        "#]],
    );
    account.check(
        r#"@s = EXTRACT type1.*, UserId int FROM "/in" USING Extractors.Tsv();
@s = EXTRACT wide.* FROM "/in" USING Extractors.Tsv();
@s = EXTRACT none.* FROM "/in" USING Extractors.Tsv();
CREATE TYPE bad AS TABLE (a int, a string);"#,
        expect![[r#"
            1:23 22..32 E_CSC_USER_DUPLICATECOLUMN: The column 'UserId' is there more than once.
            2:14 81..87 E_CSC_USER_NOTSUPPORTED: An EXTRACT of a SQL.ARRAY<int> is not supported.
            3:14 136..142 E_CSC_USER_DDLENTITYDOESNOTEXIST: The table type 'master.dbo.none' does not exist.
            4:34 211..219 E_CSC_USER_DUPLICATECOLUMN: The column 'a' is there more than once.
        "#]],
    );
}

#[test]
fn a_definition_is_the_statement_as_it_was_written() {
    let mut account = Account::default();
    account.run("CREATE DATABASE D; USE D;\n// about it\nCREATE  VIEW master.dbo.V AS\n  SELECT 1 AS x // one\n  FROM (VALUES (1)) AS T(y);");
    let (item, definition) = account.0.items().last().unwrap();
    assert_eq!(item.to_string(), "master.dbo.V");
    assert_eq!(
        definition.text,
        "CREATE  VIEW master.dbo.V AS\n  SELECT 1 AS x // one\n  FROM (VALUES (1)) AS T(y);"
    );
    assert_eq!(definition.context, SchemaName::default_of("D"));
    assert!(!matches!(item, Item::Database(_)));
}

#[test]
fn a_name_has_at_most_128_characters() {
    let name = "é".repeat(129);
    let account = Account::default();
    let script = usql_syntax::parse(&format!("CREATE DATABASE {name};"));
    let found = usql_sema::check(&script, &account).unwrap_err();
    assert_eq!(found[0].code.id, "E_CSC_USER_IDENTIFIERTOOLONG");
}
