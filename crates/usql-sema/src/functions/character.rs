//! Members of `char`, which is one UTF-16 code unit.

use super::{BOOL, CHAR, DOUBLE, Function, FunctionKind, INT, Owner, STRING, members, signature};
use crate::types::Scalar;

pub(super) const FUNCTIONS: &[Function] = members! { Owner::Scalar(Scalar::Char);
    Static "IsControl" { "char.IsControl(char)" [CHAR] -> BOOL }
    Static "IsDigit" { "char.IsDigit(char)" [CHAR] -> BOOL }
    Static "IsLetter" { "char.IsLetter(char)" [CHAR] -> BOOL }
    Static "IsLetterOrDigit" { "char.IsLetterOrDigit(char)" [CHAR] -> BOOL }
    Static "IsLower" { "char.IsLower(char)" [CHAR] -> BOOL }
    Static "IsNumber" { "char.IsNumber(char)" [CHAR] -> BOOL }
    Static "IsUpper" { "char.IsUpper(char)" [CHAR] -> BOOL }
    Static "IsWhiteSpace" { "char.IsWhiteSpace(char)" [CHAR] -> BOOL }
    Static "ToLower" { "char.ToLower(char)" [CHAR] -> CHAR }
    Static "ToLowerInvariant" { "char.ToLower(char)" [CHAR] -> CHAR }
    Static "ToUpper" { "char.ToUpper(char)" [CHAR] -> CHAR }
    Static "ToUpperInvariant" { "char.ToUpper(char)" [CHAR] -> CHAR }
    Static "GetNumericValue" { "char.GetNumericValue(char)" [CHAR] -> DOUBLE }
    Static "Parse" { "char.Parse(string)" [STRING] -> CHAR }
    Method "CompareTo" { "char.CompareTo(char)" [CHAR, CHAR] -> INT }
    Method "Equals" { "char.Equals(char)" [CHAR, CHAR] -> BOOL }
};
