//! GETACLSTATUS, MSGETACLSTATUS, SETACL, MODIFYACLENTRIES, REMOVEACLENTRIES, REMOVEACL and REMOVEDEFAULTACL.

use std::str::FromStr;

use lake_store::{AclEntry, AclKey, AclKind, AclScope};

use crate::gen1::answer::Answer;
use crate::gen1::operation::{Ask, Names, Outcome};
use crate::gen1::wire;

/// As Hadoop lists an ACL: without the entries that the permission bits say already.
pub(crate) fn get_acl_status(ask: &Ask<'_>) -> Outcome {
    acl_status(ask, |entry| {
        let shown = matches!(
            entry.key.kind,
            AclKind::User(_) | AclKind::Group(_) | AclKind::OwningGroup
        );
        shown || entry.key.scope == AclScope::Default
    })
}

/// Every entry.
pub(crate) fn ms_get_acl_status(ask: &Ask<'_>) -> Outcome {
    acl_status(ask, |_| true)
}

fn acl_status(ask: &Ask<'_>, shown: fn(&AclEntry) -> bool) -> Outcome {
    let names = ask.names()?;
    let status = ask.files.stat(ask.caller(), &ask.path)?;
    let entries = status.acl.entries();
    let acl_status = wire::AclStatus {
        entries: entries
            .iter()
            .filter(|entry| shown(entry))
            .map(|entry| text(entry, names))
            .collect(),
        permission: format!("{:o}", status.permission()),
        sticky_bit: status.acl.sticky,
        owner: names.of(&status.owner),
        group: names.of(&status.group),
    };
    Ok(Answer::json(&wire::AclStatusAnswer { acl_status }))
}

fn text(entry: &AclEntry, names: Names<'_>) -> String {
    let mut entry = entry.clone();
    if let AclKind::User(id) | AclKind::Group(id) = &mut entry.key.kind {
        *id = names.of(id);
    }
    entry.to_string()
}

pub(crate) fn set_acl(ask: &Ask<'_>) -> Outcome {
    ask.files
        .set_acl(ask.caller(), &ask.path, &spec::<AclEntry>(ask)?)?;
    Ok(Answer::empty_with_odd_length())
}

pub(crate) fn modify_acl_entries(ask: &Ask<'_>) -> Outcome {
    ask.files
        .modify_acl(ask.caller(), &ask.path, &spec::<AclEntry>(ask)?)?;
    Ok(Answer::empty_with_odd_length())
}

pub(crate) fn remove_acl_entries(ask: &Ask<'_>) -> Outcome {
    let keys: Vec<_> = spec(ask)?.into_iter().map(|Removal(key)| key).collect();
    ask.files
        .remove_acl_entries(ask.caller(), &ask.path, &keys)?;
    Ok(Answer::empty_with_odd_length())
}

/// What a removal names. Hadoop's clients write a colon behind a name, where rights would follow.
struct Removal(AclKey);

impl FromStr for Removal {
    type Err = lake_store::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let key = text.strip_suffix(':');
        let key = key.filter(|key| key.contains(':') && !key.ends_with(':'));
        key.unwrap_or(text).parse().map(Self)
    }
}

pub(crate) fn remove_acl(ask: &Ask<'_>) -> Outcome {
    ask.files.remove_acl(ask.caller(), &ask.path)?;
    Ok(Answer::empty_with_odd_length())
}

pub(crate) fn remove_default_acl(ask: &Ask<'_>) -> Outcome {
    ask.files.remove_default_acl(ask.caller(), &ask.path)?;
    Ok(Answer::empty_with_odd_length())
}

/// `aclspec`: entries between commas.
fn spec<T>(ask: &Ask<'_>) -> Result<Vec<T>, super::operation::Failure>
where
    T: FromStr<Err = lake_store::Error>,
{
    let entries = ask
        .query
        .required("aclspec")?
        .split(',')
        .filter(|entry| !entry.is_empty());
    Ok(entries.map(str::parse).collect::<Result<_, _>>()?)
}
