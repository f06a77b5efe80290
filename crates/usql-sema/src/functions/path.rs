//! `System.IO.Path`: texts that are paths of Windows. Nothing here looks at files.

use super::{BOOL, Function, FunctionKind, Owner, STRING, members, signature};

pub(super) const FUNCTIONS: &[Function] = members! { Owner::Class("Path");
    Static "ChangeExtension" { "Path.ChangeExtension(string,string)" [STRING, STRING] -> STRING }
    Static "Combine" {
        "Path.Combine(string,string)" [STRING, STRING] -> STRING,
        "Path.Combine(string,string,string)" [STRING, STRING, STRING] -> STRING,
        "Path.Combine(string,string,string,string)" [STRING, STRING, STRING, STRING] -> STRING,
    }
    Static "GetExtension" { "Path.GetExtension(string)" [STRING] -> STRING }
    Static "GetFileName" { "Path.GetFileName(string)" [STRING] -> STRING }
    Static "GetFileNameWithoutExtension" { "Path.GetFileNameWithoutExtension(string)" [STRING] -> STRING }
    Static "HasExtension" { "Path.HasExtension(string)" [STRING] -> BOOL }
    Static "IsPathRooted" { "Path.IsPathRooted(string)" [STRING] -> BOOL }
};
