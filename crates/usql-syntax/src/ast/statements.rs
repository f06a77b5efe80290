//! Statements. One file each.

mod assignment;
mod call;
mod create;
mod declare;
mod deploy_resource;
mod drop;
mod if_else;
mod insert;
mod multiple_assignment;
mod other;
mod output;
mod raise;
mod reference_assembly;
mod routine;
mod set;
mod use_context;
mod using;

pub use assignment::*;
pub use call::*;
pub use create::*;
pub use declare::*;
pub use deploy_resource::*;
pub use drop::*;
pub use if_else::*;
pub use insert::*;
pub use multiple_assignment::*;
pub use other::*;
pub use output::*;
pub use raise::*;
pub use reference_assembly::*;
pub use routine::*;
pub use set::*;
pub use use_context::*;
pub use using::*;

use super::ast_enum;

ast_enum! {
    /// A statement.
    Statement {
        /// `DECLARE @v = expression`.
        Declare(DeclareStatement),
        /// `@rowset = query`.
        Assignment(AssignmentStatement),
        /// `(@a, @b) = function(arguments)`.
        MultipleAssignment(MultipleAssignmentStatement),
        /// `OUTPUT rowset TO path USING outputter`.
        Output(OutputStatement),
        /// `CREATE DATABASE name`.
        CreateDatabase(CreateDatabaseStatement),
        /// `CREATE SCHEMA name`.
        CreateSchema(CreateSchemaStatement),
        /// `CREATE VIEW name AS query`.
        CreateView(CreateViewStatement),
        /// `CREATE TYPE name AS TABLE (columns)`.
        CreateType(CreateTypeStatement),
        /// `DROP VIEW name` and its like.
        Drop(DropStatement),
        /// `USE name`.
        Use(UseStatement),
        /// `SET @@name = expression`.
        Set(SetStatement),
        /// `REFERENCE ASSEMBLY name`.
        ReferenceAssembly(ReferenceAssemblyStatement),
        /// `USING namespace`.
        Using(UsingStatement),
        /// `IF .. END`.
        If(IfStatement),
        /// `RAISE ERROR text`.
        Raise(RaiseStatement),
        /// `procedure(arguments)`.
        Call(CallStatement),
        /// `CREATE|DECLARE FUNCTION|PROCEDURE name ..`.
        Routine(RoutineStatement),
        /// `INSERT INTO table ..`.
        Insert(InsertStatement),
        /// `DEPLOY RESOURCE path`.
        DeployResource(DeployResourceStatement),
        /// A statement that is recognised by its first words only.
        Other(OtherStatement),
    }
}
