//! `@@JobInfo.Name` and its like: what is known of the job that a script is compiled for.

use usql_syntax::ast::{Expr, MemberExpr};

use crate::{
    checker::Checker,
    csharp::{Operand, constant},
    diagnostics::{Location, sink::Reported},
    environment::JobInfo,
    file_set::ticks,
    types::{Scalar, Type},
    value::Value,
};

/// A member, by its path behind `@@JobInfo.`, with its type as the reference has it.
struct Member {
    path: &'static str,
    ty: Type,
    value: fn(JobInfo) -> Option<Value>,
}

const MEMBERS: &[Member] = &[
    Member {
        path: "Id",
        ty: Type::nullable(Scalar::Guid),
        value: |job| job.id.map(Value::Guid),
    },
    Member {
        path: "Name",
        ty: Type::STRING,
        value: |job| job.name.map(Value::String),
    },
    Member {
        path: "Priority",
        ty: Type::nullable(Scalar::Int),
        value: |job| job.priority.map(Value::Int),
    },
    Member {
        path: "Allocation",
        ty: Type::nullable(Scalar::Int),
        value: |job| job.allocation.map(Value::Int),
    },
    Member {
        path: "Account.Name",
        ty: Type::STRING,
        value: |job| job.account.map(Value::String),
    },
    Member {
        path: "Submit.Alias",
        ty: Type::STRING,
        value: |job| job.submitter.map(Value::String),
    },
    Member {
        path: "Submit.Date",
        ty: Type::nullable(Scalar::DateTime),
        value: |job| job.submitted.map(|time| Value::DateTime(ticks(time))),
    },
];

/// The value of a member of `@@JobInfo`, which is a constant; none if the expression is something else.
pub(super) fn member(
    checker: &mut Checker<'_>,
    member: &MemberExpr,
    location: Location,
) -> Option<Result<Operand, Reported>> {
    let path = path(member)?;
    let known = MEMBERS.iter().find(|known| known.path == path);
    let known = match known {
        Some(known) => known,
        // A member of a member, `@@JobInfo.Name.Length`.
        None if MEMBERS.iter().any(|known| {
            path.strip_prefix(known.path)
                .is_some_and(|rest| rest.starts_with('.'))
        }) =>
        {
            return None;
        }
        None => {
            let what = format!("the system variable @@JobInfo.{path}");
            return Some(Err(checker.unsupported(location, &what)));
        }
    };
    let value = (known.value)(checker.environment.job()).unwrap_or(Value::Null);
    Some(Ok(constant(value, known.ty, location).into()))
}

/// What is behind `@@JobInfo.`
fn path(member: &MemberExpr) -> Option<String> {
    let name = member.name()?;
    match member.receiver()? {
        Expr::Variable(variable) if variable.is_system() => {
            (variable.name()? == "@@JobInfo").then_some(name)
        }
        Expr::Member(outer) => Some(format!("{}.{name}", path(&outer)?)),
        _ => None,
    }
}
