//! The kinds of tokens and nodes, and the one table that names them.

/// Declares [`SyntaxKind`] from one table: spelling, display name and documentation stay together.
macro_rules! syntax_kinds {
    (
        $(token $token:ident = $display:literal;)*
        ---
        $(node $node:ident = $doc:literal;)*
    ) => {
        /// What a token or a node of the tree is.
        ///
        /// Tokens come first. Their order is the order in which an "Expected one of" list names them,
        /// and it reproduces the lists that the service is known to have printed.
        #[allow(non_camel_case_types, reason = "token and node names read as in the grammar")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum SyntaxKind {
            $(#[doc = concat!("Token: `", $display, "`.")] $token,)*
            $(#[doc = concat!("Node: ", $doc, ".")] $node,)*
        }

        impl SyntaxKind {
            /// Every kind, at the index that is its raw number.
            const ALL: &[SyntaxKind] = &[$(SyntaxKind::$token,)* $(SyntaxKind::$node,)*];

            /// The name of each token in an "Expected one of" list.
            const DISPLAY: &[&str] = &[$($display,)*];
        }
    };
}

syntax_kinds! {
    // Attested: "'.' OPTION ';'" (Azure/usql#135).
    token DOT = "'.'";

    // Attested: "DOTNET FUNCTION JVM PROCEDURE PYTHON TYPE VIEW ASSEMBLY CONST EXTERNAL variable"
    // (AzureDataLake, U-SQL release notes of spring 2018).
    token DOTNET_KW = "DOTNET";
    token FUNCTION_KW = "FUNCTION";
    token JVM_KW = "JVM";
    token PROCEDURE_KW = "PROCEDURE";
    token PYTHON_KW = "PYTHON";
    token TYPE_KW = "TYPE";
    token VIEW_KW = "VIEW";
    token ASSEMBLY_KW = "ASSEMBLY";
    token CONST_KW = "CONST";
    token EXTERNAL_KW = "EXTERNAL";

    // Attested: "EXTERNAL identifier quoted-identifier variable '(' ALL ON PRESORT"
    // (MicrosoftDocs/azure-docs#12077).
    token IDENT = "identifier";
    token QUOTED_IDENT = "quoted-identifier";
    token VARIABLE = "variable";
    token L_PAREN = "'('";

    token ALL_KW = "ALL";
    token ALTER_KW = "ALTER";
    token AND_KW = "AND";
    token ANTISEMIJOIN_KW = "ANTISEMIJOIN";
    token ANY_KW = "ANY";
    token APPLY_KW = "APPLY";
    token AS_KW = "AS";
    token ASC_KW = "ASC";
    token BEGIN_KW = "BEGIN";
    token BETWEEN_KW = "BETWEEN";
    token BROADCASTLEFT_KW = "BROADCASTLEFT";
    token BROADCASTRIGHT_KW = "BROADCASTRIGHT";
    token BY_KW = "BY";
    token CASE_KW = "CASE";
    token CLUSTERED_KW = "CLUSTERED";
    token COMBINE_KW = "COMBINE";
    token CREATE_KW = "CREATE";
    token CREDENTIAL_KW = "CREDENTIAL";
    token CROSS_KW = "CROSS";
    token CURRENT_KW = "CURRENT";
    token DATA_KW = "DATA";
    token DATABASE_KW = "DATABASE";
    token DECLARE_KW = "DECLARE";
    token DEFAULT_KW = "DEFAULT";
    token DEPLOY_KW = "DEPLOY";
    token DESC_KW = "DESC";
    token DISJOINT_KW = "DISJOINT";
    token DISTINCT_KW = "DISTINCT";
    token DROP_KW = "DROP";
    token ELSE_KW = "ELSE";
    token ELSEIF_KW = "ELSEIF";
    token END_KW = "END";
    token ERROR_KW = "ERROR";
    token ESCAPE_KW = "ESCAPE";
    token EXCEPT_KW = "EXCEPT";
    token EXCLUDE_KW = "EXCLUDE";
    token EXECUTE_KW = "EXECUTE";
    token EXISTS_KW = "EXISTS";
    token EXPIRATION_KW = "EXPIRATION";
    token EXPORT_KW = "EXPORT";
    token EXTRACT_KW = "EXTRACT";
    token FETCH_KW = "FETCH";
    token FIRST_KW = "FIRST";
    token FOLLOWING_KW = "FOLLOWING";
    token FOR_KW = "FOR";
    token FROM_KW = "FROM";
    token FULL_KW = "FULL";
    token FULLCROSS_KW = "FULLCROSS";
    token GROUP_KW = "GROUP";
    token HASH_KW = "HASH";
    token HAVING_KW = "HAVING";
    token IF_KW = "IF";
    token IMPORT_KW = "IMPORT";
    token IN_KW = "IN";
    token INCLUDE_KW = "INCLUDE";
    token INDEX_KW = "INDEX";
    token INDEXLOOKUP_KW = "INDEXLOOKUP";
    token INNER_KW = "INNER";
    token INSERT_KW = "INSERT";
    token INTERSECT_KW = "INTERSECT";
    token INTO_KW = "INTO";
    token IS_KW = "IS";
    token JOIN_KW = "JOIN";
    token LEFT_KW = "LEFT";
    token LIKE_KW = "LIKE";
    token LOCATION_KW = "LOCATION";
    token LOOP_KW = "LOOP";
    token MERGE_KW = "MERGE";
    token NAME_KW = "NAME";
    token NEXT_KW = "NEXT";
    token NONE_KW = "NONE";
    token NOT_KW = "NOT";
    token NULL_KW = "NULL";
    token NULLS_KW = "NULLS";
    token OFFSET_KW = "OFFSET";
    token ON_KW = "ON";
    token ONLY_KW = "ONLY";
    token OPTION_KW = "OPTION";
    token OR_KW = "OR";
    token ORDER_KW = "ORDER";
    token OUTER_KW = "OUTER";
    token OUTPUT_KW = "OUTPUT";
    token OVER_KW = "OVER";
    token PACKAGE_KW = "PACKAGE";
    token PAIR_KW = "PAIR";
    token PARTITION_KW = "PARTITION";
    token PIVOT_KW = "PIVOT";
    token PRECEDING_KW = "PRECEDING";
    token PRESORT_KW = "PRESORT";
    token PROCESS_KW = "PROCESS";
    token PRODUCE_KW = "PRODUCE";
    token RAISE_KW = "RAISE";
    token READONLY_KW = "READONLY";
    token REDUCE_KW = "REDUCE";
    token REFERENCE_KW = "REFERENCE";
    token RENAME_KW = "RENAME";
    token REQUIRED_KW = "REQUIRED";
    token RESOURCE_KW = "RESOURCE";
    token RETURN_KW = "RETURN";
    token RETURNS_KW = "RETURNS";
    token RIGHT_KW = "RIGHT";
    token ROW_KW = "ROW";
    token ROWS_KW = "ROWS";
    token SAMPLE_KW = "SAMPLE";
    token SCHEMA_KW = "SCHEMA";
    token SELECT_KW = "SELECT";
    token SEMIJOIN_KW = "SEMIJOIN";
    token SERIAL_KW = "SERIAL";
    token SET_KW = "SET";
    token SORTED_KW = "SORTED";
    token SOURCE_KW = "SOURCE";
    token STATISTICS_KW = "STATISTICS";
    token SYSTEM_KW = "SYSTEM";
    token TABLE_KW = "TABLE";
    token THEN_KW = "THEN";
    token TO_KW = "TO";
    token TRUNCATE_KW = "TRUNCATE";
    token UNBOUNDED_KW = "UNBOUNDED";
    token UNIFORM_KW = "UNIFORM";
    token UNION_KW = "UNION";
    token UNIVERSE_KW = "UNIVERSE";
    token UNPIVOT_KW = "UNPIVOT";
    token UPDATE_KW = "UPDATE";
    token USE_KW = "USE";
    token USING_KW = "USING";
    token VALUES_KW = "VALUES";
    token WARNING_KW = "WARNING";
    token WEIGHT_KW = "WEIGHT";
    token WHEN_KW = "WHEN";
    token WHERE_KW = "WHERE";
    token WITH_KW = "WITH";
    token WITHIN_KW = "WITHIN";

    // Classes of tokens.
    token SYSTEM_VARIABLE = "system-variable";
    token BUILTIN_TYPE = "built-in-type";
    token INTEGER = "integer-literal";
    token REAL = "real-literal";
    token STRING = "string-literal";
    token VERBATIM_STRING = "verbatim-string-literal";
    token CHAR = "char-literal";

    // C# keywords.
    token AS_CSHARP = "as";
    token CHECKED_CSHARP = "checked";
    token DEFAULT_CSHARP = "default";
    token FALSE_CSHARP = "false";
    token IN_CSHARP = "in";
    token IS_CSHARP = "is";
    token NEW_CSHARP = "new";
    token NULL_CSHARP = "null";
    token OUT_CSHARP = "out";
    token REF_CSHARP = "ref";
    token TRUE_CSHARP = "true";
    token TYPEOF_CSHARP = "typeof";
    token UNCHECKED_CSHARP = "unchecked";
    token OTHER_CSHARP = "csharp-keyword";

    // Punctuation and operators.
    token SEMICOLON = "';'";
    token R_PAREN = "')'";
    token COMMA = "','";
    token L_BRACE = "'{'";
    token R_BRACE = "'}'";
    token L_BRACKET = "'['";
    token R_BRACKET = "']'";
    token EQ = "'='";
    token STAR = "'*'";
    token SLASH = "'/'";
    token PERCENT = "'%'";
    token PLUS = "'+'";
    token MINUS = "'-'";
    token SHIFT_LEFT = "'<<'";
    token LESS = "'<'";
    token GREATER = "'>'";
    token LESS_EQ = "'<='";
    token GREATER_EQ = "'>='";
    token EQ_EQ = "'=='";
    token NOT_EQ = "'!='";
    token AMP = "'&'";
    token CARET = "'^'";
    token PIPE = "'|'";
    token AMP_AMP = "'&&'";
    token PIPE_PIPE = "'||'";
    token QUESTION_QUESTION = "'??'";
    token QUESTION = "'?'";
    token COLON = "':'";
    token COLON_COLON = "'::'";
    token BANG = "'!'";
    token TILDE = "'~'";
    token ARROW = "'=>'";
    token PLUS_PLUS = "'++'";
    token MINUS_MINUS = "'--'";
    token COMPOUND_ASSIGN = "assignment-operator";

    token ERROR_TOKEN = "invalid-token";
    token WHITESPACE = "whitespace";
    token COMMENT = "comment";
    token EOF = "end-of-script";

    ---

    node SCRIPT = "a whole script";
    node ERROR = "the tokens that were skipped after a syntax error";

    node DECLARE_STATEMENT = "`DECLARE [EXTERNAL|CONST] @v [type] = expression`";
    node ASSIGNMENT_STATEMENT = "`@rowset = query`";
    node OUTPUT_STATEMENT = "`OUTPUT rowset TO path [ORDER BY ..] USING outputter`";
    node CREATE_DATABASE_STATEMENT = "`CREATE DATABASE [IF NOT EXISTS] name`";
    node CREATE_SCHEMA_STATEMENT = "`CREATE SCHEMA [IF NOT EXISTS] name`";
    node CREATE_VIEW_STATEMENT = "`CREATE VIEW [IF NOT EXISTS] name AS query`";
    node CREATE_TYPE_STATEMENT = "`CREATE TYPE [IF NOT EXISTS] name AS TABLE (columns)`";
    node DROP_STATEMENT = "`DROP DATABASE|SCHEMA|VIEW|TYPE|FUNCTION|PROCEDURE|TABLE [IF EXISTS] name`";
    node USE_STATEMENT = "`USE [DATABASE|SCHEMA] name`";
    node SET_STATEMENT = "`SET @@name = expression`";
    node REFERENCE_ASSEMBLY_STATEMENT = "`REFERENCE [SYSTEM] ASSEMBLY name`";
    node USING_STATEMENT = "`USING [alias =] namespace`";
    node IF_STATEMENT = "`IF condition THEN .. [ELSEIF ..] [ELSE ..] END`";
    node RAISE_STATEMENT = "`RAISE ERROR|WARNING expression`";
    node CALL_STATEMENT = "`procedure(arguments)`";
    node INSERT_STATEMENT = "`INSERT INTO table query`";
    node DEPLOY_RESOURCE_STATEMENT = "`DEPLOY RESOURCE path, ..`";
    node MULTIPLE_ASSIGNMENT_STATEMENT = "`(@rowset, ..) = function(arguments)`";
    node ROUTINE_STATEMENT = "`CREATE|DECLARE FUNCTION|PROCEDURE name(parameters) [RETURNS ..] [AS] BEGIN .. END`";
    node PARAMETER_LIST = "the parameters of a function or procedure";
    node PARAMETER = "`@name type [= default]`";
    node RETURNS_CLAUSE = "`RETURNS @rowset [type]` or `RETURNS (@rowset [type], ..)`";
    node RETURNED_ROWSET = "`@rowset [type]`";
    node OTHER_STATEMENT = "a statement that is recognised by its first words only";
    node OPTION_CLAUSE = "`OPTION (hints)` behind a statement";
    node TOKEN_TREE = "tokens that are kept without a structure";
    node STATEMENT_BLOCK = "the statements of one branch";
    node IF_BRANCH = "`IF|ELSEIF condition THEN statements`";
    node ELSE_BRANCH = "`ELSE statements`";

    node SELECT_QUERY = "`SELECT ..`";
    node EXTRACT_QUERY = "`EXTRACT columns FROM path USING extractor`";
    node VALUES_QUERY = "`VALUES (..), ..`";
    node SET_OPERATION_QUERY = "`query UNION|EXCEPT|INTERSECT query`";
    node PAREN_QUERY = "`(query)`";
    node FETCH_QUERY = "`query ORDER BY .. FETCH n`";
    node CALL_QUERY = "a call of a table-valued function";
    node PROCESS_QUERY = "`PROCESS rowset PRODUCE columns USING processor`";
    node REDUCE_QUERY = "`REDUCE rowset ON columns PRODUCE columns USING reducer`";
    node COMBINE_QUERY = "`COMBINE left WITH right ON .. PRODUCE columns USING combiner`";
    node SAMPLE_QUERY = "`SAMPLE rowset ..`";
    node ROWSET_QUERY = "a rowset named where a query may stand";

    node SELECT_LIST = "the items of a SELECT";
    node SELECT_ITEM = "one item of a SELECT";
    node FROM_CLAUSE = "`FROM source [joins]`";
    node VARIABLE_SOURCE = "`@rowset [AS alias]`";
    node OBJECT_SOURCE = "`[[database.]schema.]table [AS alias]`";
    node CALL_SOURCE = "`function(arguments) AS alias`";
    node SUBQUERY_SOURCE = "`(query) AS alias`";
    node VALUES_SOURCE = "`(VALUES ..) AS alias(columns)`";
    node EXTERNAL_SOURCE = "`EXTERNAL source LOCATION|EXECUTE text`";
    node JOINED_SOURCE = "`(source joins)`";
    node JOIN_CLAUSE = "`JOIN source [ON condition]`";
    node APPLY_CLAUSE = "`CROSS|OUTER APPLY ..`";
    node PIVOT_CLAUSE = "`PIVOT|UNPIVOT (..)`";
    node WHERE_CLAUSE = "`WHERE condition`";
    node GROUP_BY_CLAUSE = "`GROUP BY expressions`";
    node HAVING_CLAUSE = "`HAVING condition`";
    node ORDER_BY_CLAUSE = "`ORDER BY items`";
    node SORT_ITEM = "`expression [ASC|DESC]`";
    node OFFSET_CLAUSE = "`OFFSET n ROWS`";
    node FETCH_CLAUSE = "`FETCH [FIRST|NEXT] n [ROWS] [ONLY]`";
    node SAMPLE_CLAUSE = "`SAMPLE ANY|UNIFORM (n)`";
    node SET_OPERATOR = "`[OUTER] UNION|EXCEPT|INTERSECT [ALL|DISTINCT] [BY NAME ..]`";
    node ALIAS = "`AS name [(columns)]`";
    node COLUMN_LIST = "the column names of an alias";
    node COLUMN_DEFINITION_LIST = "the columns of an EXTRACT or a PRODUCE";
    node COLUMN_DEFINITION = "`name type` or `name = file property`";
    node EXTRACT_PATHS = "`FROM path, ..`";
    node PRODUCE_CLAUSE = "`PRODUCE columns`";
    node COLUMNS_CLAUSE = "`PRESORT|ON|SORTED BY|READONLY|REQUIRED columns`";
    node USING_CLAUSE = "`USING extractor, outputter or other operator`";
    node TO_CLAUSE = "`TO path`";
    node EXPIRATION_CLAUSE = "`EXPIRATION expression`";
    node ROW_VALUES = "one `(..)` of a VALUES";

    node NAME = "a name that is declared or referred to";
    node OBJECT_NAME = "`[[database.]schema.]name`";
    node TABLE_TYPE = "`TABLE (columns)`";
    node TYPE_REF = "a type";
    node TYPE_SEGMENT = "one segment of a type's name with its type arguments";
    node TYPE_ARGUMENTS = "`<types>`";
    node ARRAY_RANK = "`[]`";

    node LITERAL_EXPR = "a literal";
    node NAME_EXPR = "a simple name or a built-in type's name";
    node VARIABLE_EXPR = "`@name` or `@@name`";
    node PAREN_EXPR = "`(expression)`";
    node MEMBER_EXPR = "`receiver.name`";
    node CALL_EXPR = "`callee(arguments)`";
    node INDEX_EXPR = "`receiver[arguments]`";
    node UNARY_EXPR = "`- + ! ~ NOT` before an operand";
    node POSTFIX_EXPR = "`++ --` behind an operand";
    node BINARY_EXPR = "`left operator right`";
    node CONDITIONAL_EXPR = "`condition ? a : b`";
    node CAST_EXPR = "`(type)operand`";
    node TYPE_TEST_EXPR = "`operand is type` or `operand as type`";
    node NEW_EXPR = "`new type(..){..}`";
    node INITIALIZER = "`{..}` behind `new`";
    node ASSIGN_ELEMENT = "`name = value` in an initializer";
    node TYPEOF_EXPR = "`typeof(type)`";
    node DEFAULT_EXPR = "`default(type)`";
    node CHECKED_EXPR = "`checked(expression)` or `unchecked(expression)`";
    node LAMBDA_EXPR = "`parameters => body`";
    node LAMBDA_PARAMETERS = "the parameters of a lambda";
    node LAMBDA_PARAMETER = "one parameter of a lambda";
    node CODE_BLOCK = "`{statements}` of C#";
    node LOCAL_CODE = "`type name [= expression];` in C#";
    node ASSIGN_CODE = "`name = expression;` in C#";
    node RETURN_CODE = "`return [expression];` in C#";
    node IF_CODE = "`if (condition) statement [else statement]` in C#";
    node EXPRESSION_CODE = "`expression;` in C#";
    node OTHER_CODE = "a statement of C# that is kept as its tokens";
    node IN_EXPR = "`operand [NOT] IN (..)`";
    node BETWEEN_EXPR = "`operand [NOT] BETWEEN low AND high`";
    node LIKE_EXPR = "`operand [NOT] LIKE pattern [ESCAPE character]`";
    node IS_NULL_EXPR = "`operand IS [NOT] NULL`";
    node CASE_EXPR = "`CASE [operand] WHEN .. THEN .. [ELSE ..] END`";
    node WHEN_BRANCH = "`WHEN .. THEN ..`";
    node ELSE_VALUE = "`ELSE ..` of a CASE";
    node LINQ_EXPR = "a LINQ query expression";
    node EXPR_LIST = "`(expression, ..)`";
    node ARGUMENT_LIST = "`(arguments)`";
    node ARGUMENT = "`[name:] expression`, `*` or `DEFAULT`";
    node OVER_CLAUSE = "`OVER (..)`";
    node PARTITION_BY_CLAUSE = "`PARTITION BY expressions`";
    node ROWS_CLAUSE = "`ROWS ..` of a window";
    node WITHIN_GROUP_CLAUSE = "`WITHIN GROUP (ORDER BY ..)`";
}

impl SyntaxKind {
    /// Every token kind, in declaration order.
    pub(crate) fn tokens() -> impl Iterator<Item = SyntaxKind> {
        Self::ALL[..Self::DISPLAY.len()].iter().copied()
    }

    /// Whether the tree keeps this token only to be lossless.
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::WHITESPACE | Self::COMMENT)
    }

    /// Whether this is a keyword of U-SQL (not of C#).
    pub fn is_keyword(self) -> bool {
        self.display()
            .is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_uppercase()))
    }

    /// How an "Expected one of" list names this token; `None` for a node.
    pub fn display(self) -> Option<&'static str> {
        Self::DISPLAY.get(self as usize).copied()
    }

    /// The keyword of U-SQL that `word` spells. Keywords are upper case only.
    pub(crate) fn from_keyword(word: &str) -> Option<Self> {
        keyword_table()
            .binary_search_by_key(&word, |(text, _)| text)
            .ok()
            .map(|found| keyword_table()[found].1)
    }

    /// The keyword of C# that `word` spells, built-in types included.
    pub(crate) fn from_csharp_keyword(word: &str) -> Option<Self> {
        Some(match word {
            "bool" | "byte" | "char" | "decimal" | "double" | "float" | "int" | "long"
            | "object" | "sbyte" | "short" | "string" | "uint" | "ulong" | "ushort" => {
                Self::BUILTIN_TYPE
            }
            "as" => Self::AS_CSHARP,
            "checked" => Self::CHECKED_CSHARP,
            "default" => Self::DEFAULT_CSHARP,
            "false" => Self::FALSE_CSHARP,
            "in" => Self::IN_CSHARP,
            "is" => Self::IS_CSHARP,
            "new" => Self::NEW_CSHARP,
            "null" => Self::NULL_CSHARP,
            "out" => Self::OUT_CSHARP,
            "ref" => Self::REF_CSHARP,
            "true" => Self::TRUE_CSHARP,
            "typeof" => Self::TYPEOF_CSHARP,
            "unchecked" => Self::UNCHECKED_CSHARP,
            "abstract" | "base" | "break" | "case" | "catch" | "class" | "const" | "continue"
            | "delegate" | "do" | "else" | "enum" | "event" | "explicit" | "extern" | "finally"
            | "fixed" | "for" | "foreach" | "goto" | "if" | "implicit" | "interface"
            | "internal" | "lock" | "namespace" | "operator" | "override" | "params"
            | "private" | "protected" | "public" | "readonly" | "return" | "sealed" | "sizeof"
            | "stackalloc" | "static" | "struct" | "switch" | "this" | "throw" | "try"
            | "unsafe" | "using" | "virtual" | "void" | "volatile" | "while" => Self::OTHER_CSHARP,
            _ => return None,
        })
    }
}

/// The keywords of U-SQL in alphabetical order.
fn keyword_table() -> &'static [(&'static str, SyntaxKind)] {
    static TABLE: std::sync::OnceLock<Vec<(&'static str, SyntaxKind)>> = std::sync::OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: Vec<_> = SyntaxKind::DISPLAY
            .iter()
            .zip(SyntaxKind::ALL)
            .filter(|(_, kind)| kind.is_keyword())
            .map(|(text, kind)| (*text, *kind))
            .collect();
        table.sort_unstable();
        table
    })
}

/// The language tag that ties [`rowan`] to [`SyntaxKind`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Usql {}

impl rowan::Language for Usql {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        SyntaxKind::ALL[usize::from(raw.0)]
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        rowan::SyntaxKind(kind as u16)
    }
}

/// A node of the tree.
pub type SyntaxNode = rowan::SyntaxNode<Usql>;
/// A token of the tree.
pub type SyntaxToken = rowan::SyntaxToken<Usql>;
/// A node or a token of the tree.
pub type SyntaxElement = rowan::SyntaxElement<Usql>;
