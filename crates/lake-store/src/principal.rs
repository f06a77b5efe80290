//! Who asks.

use uuid::Uuid;

/// The identity on whose behalf an operation runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Principal {
    /// The object id: what owners and ACL entries name.
    pub object_id: String,
    /// The name that a person signs in with.
    pub upn: Option<String>,
    /// The object ids of the groups that it belongs to.
    pub groups: Vec<String>,
    /// Whether permission checks are skipped.
    pub superuser: bool,
}

impl Principal {
    /// An ordinary principal without groups.
    pub fn new(object_id: impl Into<String>) -> Self {
        Self {
            object_id: object_id.into(),
            upn: None,
            groups: Vec::new(),
            superuser: false,
        }
    }

    /// A principal that passes every permission check.
    pub fn superuser(object_id: impl Into<String>) -> Self {
        Self {
            superuser: true,
            ..Self::new(object_id)
        }
    }

    /// Whether it belongs to a group.
    pub(crate) fn is_in(&self, group: &str) -> bool {
        self.groups.iter().any(|mine| mine == group)
    }

    /// Adds the sign-in name.
    #[must_use]
    pub fn with_upn(mut self, upn: impl Into<String>) -> Self {
        self.upn = Some(upn.into());
        self
    }

    /// Adds groups.
    #[must_use]
    pub fn with_groups(mut self, groups: impl IntoIterator<Item = String>) -> Self {
        self.groups.extend(groups);
        self
    }
}

/// An object id as owners and entries are compared: whoever writes a GUID in capitals means the same.
pub(crate) fn object_id(text: &str) -> String {
    match text.parse::<Uuid>() {
        Ok(id) if text.len() == 36 => id.to_string(),
        _ => text.to_owned(),
    }
}
