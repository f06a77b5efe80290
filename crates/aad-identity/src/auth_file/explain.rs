//! What was looked for to find an application's file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aad_core::env::AZURE_AUTH_LOCATION;
use aad_core::explanation::{Explanation, Finding, SourceExplanation, Verdict};
use aad_core::{AccessToken, Context, Error, ErrorKind, Result, TokenCredential, TokenRequest};
use async_trait::async_trait;

use super::AuthFile;
use crate::explain::explained;
use crate::json_file::{self, malformed};

const SOURCE: &str = "AuthFile";

const HOW: &str = "to sign in as a file's application, set AZURE_AUTH_LOCATION to its path";

/// What was looked for, and the file that was made of it.
pub(super) struct Looked {
    looked_for: Vec<Finding>,
    pub(super) made: Result<AuthFile>,
}

impl Looked {
    pub(super) async fn for_env(context: &Context) -> Self {
        let path = context.var(AZURE_AUTH_LOCATION);
        let variable = Finding::new(AZURE_AUTH_LOCATION, path.is_some());
        let Some(path) = path else {
            let message = format!("{AZURE_AUTH_LOCATION} is not set");
            return Self::new(
                vec![variable],
                Err(Error::new(ErrorKind::Unavailable, message)),
            );
        };
        let Self { looked_for, made } = Self::for_file(context, &PathBuf::from(path)).await;
        Self::new([vec![variable], looked_for].concat(), made)
    }

    pub(super) async fn for_file(context: &Context, path: &Path) -> Self {
        let content = json_file::read(context, path).await;
        let found = !matches!(content, Ok(None));
        let parsed = content.and_then(|content| {
            let parsed = match content {
                Some(content) => AuthFile::parse(&*content),
                None => Err(malformed("it does not exist")),
            };
            parsed.map_err(|error| json_file::in_file(path, error))
        });
        let file = Finding::new(path.display().to_string(), found);
        Self::new(vec![file], parsed)
    }

    fn new(looked_for: Vec<Finding>, mut made: Result<AuthFile>) -> Self {
        if let Ok(file) = &mut made {
            file.looked_for.clone_from(&looked_for);
        }
        Self { looked_for, made }
    }

    pub(super) async fn explain(self, context: &Context) -> Explanation {
        let credential = match self.made {
            Ok(file) => file.credential(context).await,
            Err(error) => Err(error),
        };
        explained(SOURCE, &self.looked_for, &credential, false, HOW).into()
    }
}

/// The application of a file, with what was looked for to find it.
#[derive(Debug)]
pub(super) struct Explained {
    credential: Arc<dyn TokenCredential>,
    looked_for: Vec<Finding>,
}

impl Explained {
    pub(super) fn new(credential: Arc<dyn TokenCredential>, looked_for: Vec<Finding>) -> Self {
        Self {
            credential,
            looked_for,
        }
    }
}

#[async_trait]
impl TokenCredential for Explained {
    async fn token(&self, request: &TokenRequest) -> Result<AccessToken> {
        self.credential.token(request).await
    }

    async fn explain(&self) -> Explanation {
        let mut explanation = SourceExplanation::new(SOURCE, Verdict::Ready);
        explanation.looked_for.clone_from(&self.looked_for);
        explanation.into()
    }
}
