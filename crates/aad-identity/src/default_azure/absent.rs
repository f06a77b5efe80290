//! What other libraries' default chains can sign in with and this one cannot, and what does instead.

use aad_core::explanation::{SourceExplanation, Verdict};

pub(super) struct Absent {
    /// Its name in `AZURE_TOKEN_CREDENTIALS`, where it has one.
    pub(super) name: &'static str,
    pub(super) instead: &'static str,
}

pub(super) const ABSENT: [Absent; 6] = [
    Absent {
        name: "VisualStudioCredential",
        instead: "sign in with `az login` and use AzureCliCredential",
    },
    Absent {
        name: "VisualStudioCodeCredential",
        instead: "sign in with `az login` and use AzureCliCredential",
    },
    Absent {
        name: "SharedTokenCacheCredential",
        instead: "use CachedAccountCredential for an account of a PersistentCache, or sign in with \
                  `az login`",
    },
    Absent {
        name: "the operating system's broker (WAM)",
        instead: "sign in with `az login`, which may use it, and use AzureCliCredential",
    },
    Absent {
        name: "integrated Windows authentication",
        instead: "use DeviceCodeCredential for people, a certificate or a managed identity for services",
    },
    Absent {
        name: "user_fic",
        instead: "use WorkloadIdentityCredential for the application, OnBehalfOfCredential for people",
    },
];

impl Absent {
    pub(super) fn explain(&self) -> SourceExplanation {
        SourceExplanation::new(self.name, Verdict::NotSupported).with_advice(self.instead)
    }
}
