//! Members of `Guid`. A new one is made for each row, so it is never computed in advance.

use super::{BOOL, BYTES, Function, FunctionKind, GUID, INT, Owner, STRING, members, signature};
use crate::{types::Scalar, value::Value};

pub(super) const FUNCTIONS: &[Function] = members! { Owner::Scalar(Scalar::Guid);
    Constructor "Guid" {
        "new Guid(string)" [STRING] -> GUID,
        "new Guid(byte[])" [BYTES] -> GUID,
    }
    StaticProperty "Empty" { "Guid.Empty" [] -> GUID => |_| Some(Value::Guid([0; 16])) }
    Static "NewGuid" { "Guid.NewGuid()" [] -> GUID }
    Static "Parse" { "Guid.Parse(string)" [STRING] -> GUID }
    Method "ToString" { "Guid.ToString(string)" [GUID, STRING] -> STRING }
    Method "ToByteArray" { "Guid.ToByteArray()" [GUID] -> BYTES }
    Method "CompareTo" { "Guid.CompareTo(Guid)" [GUID, GUID] -> INT }
    Method "Equals" { "Guid.Equals(Guid)" [GUID, GUID] -> BOOL }
};
