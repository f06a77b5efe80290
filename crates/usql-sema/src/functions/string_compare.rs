//! Comparing strings: `Equals` by code unit, `Compare` and `CompareTo` as words are sorted in English.

use super::{BOOL, COMPARISON, Function, FunctionKind, INT, Owner, STRING, members, signature};
use crate::types::Scalar;

pub(super) const FUNCTIONS: &[Function] = members! { Owner::Scalar(Scalar::String);
    Static "Compare" {
        "string.Compare(string,string)" [STRING, STRING] -> INT,
        "string.Compare(string,string,bool)" [STRING, STRING, BOOL] -> INT,
        "string.Compare(string,string,StringComparison)" [STRING, STRING, COMPARISON] -> INT,
        "string.Compare(string,int,string,int,int)" [STRING, INT, STRING, INT, INT] -> INT,
        "string.Compare(string,int,string,int,int,bool)" [STRING, INT, STRING, INT, INT, BOOL] -> INT,
        "string.Compare(string,int,string,int,int,StringComparison)"
            [STRING, INT, STRING, INT, INT, COMPARISON] -> INT,
    }
    Static "CompareOrdinal" {
        "string.CompareOrdinal(string,string)" [STRING, STRING] -> INT,
        "string.CompareOrdinal(string,int,string,int,int)" [STRING, INT, STRING, INT, INT] -> INT,
    }
    Static "Equals" {
        "string.Equals(string,string)" [STRING, STRING] -> BOOL,
        "string.Equals(string,string,StringComparison)" [STRING, STRING, COMPARISON] -> BOOL,
    }
    Method "CompareTo" { "string.CompareTo(string)" [STRING, STRING] -> INT }
    Method "Equals" {
        "string.Equals(string)" [STRING, STRING] -> BOOL,
        "string.Equals(string,StringComparison)" [STRING, STRING, COMPARISON] -> BOOL,
    }
};
