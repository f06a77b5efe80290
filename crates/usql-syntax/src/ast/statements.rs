//! Statements. One file each.

mod assignment;
mod call;
mod databases;
mod declare;
mod deploy_resource;
mod if_else;
mod insert;
mod other;
mod output;
mod raise;
mod reference_assembly;
mod set;
mod use_context;
mod using;

pub use assignment::*;
pub use call::*;
pub use databases::*;
pub use declare::*;
pub use deploy_resource::*;
pub use if_else::*;
pub use insert::*;
pub use other::*;
pub use output::*;
pub use raise::*;
pub use reference_assembly::*;
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
        /// `OUTPUT rowset TO path USING outputter`.
        Output(OutputStatement),
        /// `CREATE DATABASE name`.
        CreateDatabase(CreateDatabaseStatement),
        /// `DROP DATABASE name`.
        DropDatabase(DropDatabaseStatement),
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
        /// `INSERT INTO table ..`.
        Insert(InsertStatement),
        /// `DEPLOY RESOURCE path`.
        DeployResource(DeployResourceStatement),
        /// A statement that is recognised by its first words only.
        Other(OtherStatement),
    }
}
