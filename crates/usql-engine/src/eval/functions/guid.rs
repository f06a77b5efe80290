//! Members of `Guid`.

use std::hash::{BuildHasher, RandomState};

use super::{Answer, Implementation};
use crate::{
    dotnet::{
        Fault,
        guid::{self, GuidFormat},
    },
    eval::Exception,
};

pub(super) const FUNCTIONS: &[(&str, Implementation)] = &[
    ("new Guid(string)", |call| {
        call.guids(|row| parse(call.required(0, row)?))
    }),
    ("new Guid(byte[])", |call| {
        call.guids(|row| {
            let bytes = call.bytes(0, row).ok_or_else(Exception::argument_null)?;
            let bytes: [u8; 16] = bytes.try_into().map_err(|_| {
                Exception::new(
                    "ArgumentException",
                    "Byte array for GUID must be exactly 16 bytes long.",
                )
            })?;
            Ok(guid::mixed(bytes))
        })
    }),
    ("Guid.NewGuid()", |call| {
        let random = RandomState::new();
        call.guids(|row| {
            let half = |which: usize| random.hash_one((row, which)).to_be_bytes();
            let mut bytes = [0; 16];
            bytes[..8].copy_from_slice(&half(0));
            bytes[8..].copy_from_slice(&half(1));
            // The version and the variant of a random one.
            bytes[6] = bytes[6] & 0x0f | 0x40;
            bytes[8] = bytes[8] & 0x3f | 0x80;
            Ok(bytes)
        })
    }),
    ("Guid.Empty", |call| call.guids(|_| Ok([0; 16]))),
    ("Guid.Parse(string)", |call| {
        call.guids(|row| parse(call.required(0, row)?))
    }),
    ("Guid.ToString(string)", |call| {
        let mut format = call.parsed(1, |format| {
            let message = "Format String can be only \"D\", \"d\", \"N\", \"n\", \"P\", \"p\", \"B\", \"b\", \"X\" or \"x\".";
            GuidFormat::parse(format.unwrap_or_default())
                .ok_or_else(|| Exception::new("FormatException", message))
        });
        call.texts(|row, out| {
            let value = call.guid(0, row)?;
            format.at(row)?.write(&value, out);
            Ok(())
        })
    }),
    ("Guid.ToByteArray()", |call| {
        call.binaries(|row| Ok(Some(guid::mixed(call.guid(0, row)?).to_vec())))
    }),
    ("Guid.CompareTo(Guid)", |call| {
        call.ints(|row| Ok(call.guid(0, row)?.cmp(&call.guid(1, row)?) as i32))
    }),
    ("Guid.Equals(Guid)", |call| {
        call.bools(|row| Ok(call.guid(0, row)? == call.guid(1, row)?))
    }),
];

fn parse(text: &str) -> Answer<[u8; 16]> {
    guid::parse_any(text.as_bytes()).map_err(|_: Fault| {
        let message =
            "Guid should contain 32 digits with 4 dashes (xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx).";
        Exception::new("FormatException", message)
    })
}
