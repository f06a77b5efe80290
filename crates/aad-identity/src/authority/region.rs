//! The token service of a region, which issues applications' tokens where they are used.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aad_core::env::{AZURE_REGIONAL_AUTHORITY_NAME, MSAL_FORCE_REGION, REGION_NAME};
use aad_core::retry::RetryPolicy;
use aad_core::transport::Direct;
use aad_core::{Cloud, Context, Error, ErrorKind, Pipeline, PipelineOptions, Repeat, Result};
use bytes::Bytes;
use serde_json::Value;

use super::Authority;

/// Where the machine says in which region it is.
const COMPUTE: &str = "http://169.254.169.254/metadata/instance/compute?api-version=2021-02-01";

/// As MSAL for .NET: a metadata service answers at once, and nobody answers elsewhere.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where in Azure an application's tokens are issued.
///
/// Only tokens of an application itself (client secret, certificate, assertion, workload
/// identity) can come from a region, and only those of Microsoft's clouds; elsewhere it is ignored.
///
/// ```
/// use aad_identity::{CredentialOptions, Region};
///
/// let options = CredentialOptions::default().with_region("westeurope");
/// assert_eq!(options.region, Some(Region::Named("westeurope".to_owned())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Region {
    /// Anywhere, whatever the environment says.
    Global,
    /// In this region.
    Named(String),
    /// In the region that the program runs in: that of the variable `REGION_NAME`, or else that of
    /// the machine. Where neither tells, anywhere.
    Detect,
}

impl From<&str> for Region {
    fn from(name: &str) -> Self {
        Self::Named(name.to_owned())
    }
}

/// The region of one application. A clone shares what was detected.
#[derive(Clone)]
pub(crate) struct Regional {
    region: Region,
    detected: Arc<OnceLock<Option<String>>>,
}

impl Regional {
    /// Decides on the region; nothing is asked yet.
    pub(crate) fn new(context: &Context, wish: Option<&Region>) -> Result<Self> {
        let region = match wish {
            Some(region) => region.clone(),
            None => of_environment(context),
        };
        if let Region::Named(name) = &region
            && !is_region(name)
        {
            return Err(Error::new(
                ErrorKind::Request,
                format!("{name:?} is not a region's name, such as \"westeurope\""),
            ));
        }
        Ok(Self {
            region,
            detected: Arc::default(),
        })
    }

    /// The authority that issues an application's tokens; `global` where there is none nearer.
    pub(crate) async fn authority(
        &self,
        context: &Context,
        global: &Authority,
    ) -> Result<Authority> {
        let Some(cloud) = Cloud::of_authority(&global.host()).filter(|_| !global.is_adfs()) else {
            return Ok(global.clone());
        };
        let Some(region) = self.find(context).await else {
            return Ok(global.clone());
        };
        let host = match cloud == Cloud::PUBLIC {
            true => format!("{region}.login.microsoft.com"),
            false => format!("{region}.{}", global.host()),
        };
        global.at_host(&host)
    }

    async fn find(&self, context: &Context) -> Option<String> {
        match &self.region {
            Region::Global => None,
            Region::Named(name) => Some(name.clone()),
            Region::Detect => {
                if let Some(known) = self.detected.get() {
                    return known.clone();
                }
                let detected = detect(context).await;
                self.detected.get_or_init(|| detected).clone()
            }
        }
    }
}

/// As azure-identity 1.27 and MSAL 1.39 for Python read it.
fn of_environment(context: &Context) -> Region {
    let wish = context.var(AZURE_REGIONAL_AUTHORITY_NAME);
    match wish.or_else(|| context.var(MSAL_FORCE_REGION)) {
        None => Region::Global,
        Some(wish) => match wish.to_ascii_lowercase().as_str() {
            "tryautodetect" | "true" => Region::Detect,
            _ => Region::Named(wish),
        },
    }
}

async fn detect(context: &Context) -> Option<String> {
    let detected = match context.var(REGION_NAME) {
        Some(name) => Some(name),
        None => ask_machine(context).await,
    };
    let detected = detected.filter(|name| is_region(name));
    tracing::debug!(region = detected.as_deref(), "looked for the region");
    detected
}

async fn ask_machine(context: &Context) -> Option<String> {
    let options = PipelineOptions::default()
        .with_retry(RetryPolicy::none())
        .with_attempt_timeout(PATIENCE)
        .with_body_limit(1 << 20);
    let request = http::Request::get(COMPUTE)
        .header("metadata", "true")
        .extension(Direct)
        .body(Bytes::new())
        .expect("the address is well formed");
    let answer = Pipeline::new(context.clone(), options)
        .send_collected(request, Repeat::Safe)
        .await
        .ok()?;
    let answer: Value = serde_json::from_slice(answer.body()).ok()?;
    answer["location"].as_str().map(str::to_owned)
}

/// Whether a name can stand in a host's name (MSAL for Python 1.39, `region.py`).
fn is_region(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.len() <= 63
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.bytes().all(inner)
}
