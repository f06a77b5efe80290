//! What the Azure CLI was told to work with.

use std::path::{Path, PathBuf};

use aad_core::env::{AZURE_CONFIG_DIR, HOME, USERPROFILE};
use aad_core::explanation::{Explanation, SourceExplanation, Verdict};
use aad_core::{Cloud, Context, Error, ErrorKind, Result};
use serde_json::{Map, Value};

use crate::explain::WithCauses;
use crate::json_file::{self, malformed, take_required, take_text};

/// Its name in the Azure CLI's folder.
const FILE: &str = "azureProfile.json";

/// The subscriptions of whoever is signed in to the Azure CLI.
///
/// They say what to work with; [`AzureCliCredential`](crate::AzureCliCredential) gets the tokens.
///
/// ```
/// # use aad_core::{Context, Result};
/// use aad_identity::CliProfile;
///
/// # async fn example(context: Context) -> Result<()> {
/// let profile = CliProfile::load(&context).await?;
/// let subscription = profile.default_subscription()?;
/// println!("{} in tenant {}", subscription.id, subscription.tenant);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CliProfile {
    subscriptions: Vec<CliSubscription>,
}

/// A subscription that the Azure CLI knows.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CliSubscription {
    /// Its id; that of the tenant for a tenant without a subscription.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its tenant.
    pub tenant: String,
    /// What the Azure CLI calls its cloud.
    pub cloud_name: String,
    /// Who signed in: a person's name or an application's id.
    pub user: Option<String>,
    /// Whether it is the one to use where none is named.
    pub is_default: bool,
}

impl CliSubscription {
    /// Its cloud; none if it is one that somebody registered with the Azure CLI.
    pub fn cloud(&self) -> Option<Cloud> {
        Cloud::named(&self.cloud_name)
    }
}

impl CliProfile {
    /// Reads the profile in `AZURE_CONFIG_DIR`, or else in `.azure` of the user's folder.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] if nobody is signed in to the Azure CLI here, and
    /// [`ErrorKind::Credentials`] if the profile is damaged.
    pub async fn load(context: &Context) -> Result<Self> {
        let folder = folder(context)?;
        Self::read(context, &folder.join(FILE)).await
    }

    /// What [`CliProfile::load`] and [`CliProfile::default_subscription`] would find.
    pub async fn explain(context: &Context) -> Explanation {
        let loaded = Self::load(context).await;
        let chosen = match &loaded {
            Ok(profile) => profile.default_subscription().cloned(),
            Err(error) => Err(error.clone()),
        };
        let (verdict, advice) = match &chosen {
            Ok(_) => (Verdict::Ready, None),
            Err(error) => {
                let verdict = match error.kind() {
                    ErrorKind::Unavailable => Verdict::NotConfigured,
                    ErrorKind::NotFound => Verdict::Incomplete,
                    _ => Verdict::Faulty,
                };
                (verdict, Some(WithCauses(error).to_string()))
            }
        };
        let mut explanation = SourceExplanation::new("the Azure CLI's profile", verdict);
        if let Ok(folder) = folder(context) {
            let file = folder.join(FILE);
            let found = context.files().metadata(&file).await.is_ok();
            explanation = explanation.with_finding(file.display().to_string(), found);
        }
        explanation
            .with_finding("a subscription in it", loaded.is_ok())
            .with_finding("a chosen one", chosen.is_ok())
            .with_verdict(verdict, advice)
            .into()
    }

    /// Reads a profile elsewhere.
    ///
    /// # Errors
    /// As [`CliProfile::load`].
    pub async fn read(context: &Context, path: &Path) -> Result<Self> {
        let content = json_file::read(context, path).await?;
        let content = content.ok_or_else(signed_out)?;
        let subscriptions = parse(&content).map_err(|error| json_file::in_file(path, error))?;
        if subscriptions.is_empty() {
            return Err(signed_out());
        }
        Ok(Self { subscriptions })
    }

    /// All of them, in the order of the profile.
    pub fn subscriptions(&self) -> &[CliSubscription] {
        &self.subscriptions
    }

    /// The one that `az account set` chose.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is none.
    pub fn default_subscription(&self) -> Result<&CliSubscription> {
        let mut found = self.subscriptions.iter().filter(|one| one.is_default);
        found.next().ok_or_else(|| {
            Error::new(
                ErrorKind::NotFound,
                "no subscription is chosen; run `az account set`",
            )
        })
    }

    /// The one with this id or name, in any case, as `az --subscription` finds it.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if there is none, [`ErrorKind::Request`] if several have the name.
    pub fn subscription(&self, id_or_name: &str) -> Result<&CliSubscription> {
        let wanted = id_or_name.to_lowercase();
        let is = |text: &str| text.to_lowercase() == wanted;
        let mut found = self
            .subscriptions
            .iter()
            .filter(|one| is(&one.id) || is(&one.name));
        let refuse = |kind, what| {
            let message = format!("{what} {id_or_name:?} in the profile of the Azure CLI");
            Err(Error::new(kind, message))
        };
        match (found.next(), found.next()) {
            (Some(only), None) => Ok(only),
            (None, _) => refuse(ErrorKind::NotFound, "no subscription is called"),
            _ => refuse(ErrorKind::Request, "several subscriptions are called"),
        }
    }
}

/// As azure-cli-core 2.91 (`_environment.py`) decides on it.
fn folder(context: &Context) -> Result<PathBuf> {
    if let Some(folder) = context.var(AZURE_CONFIG_DIR) {
        return Ok(folder.into());
    }
    let home = if cfg!(windows) { USERPROFILE } else { HOME };
    let folder = context.var(home).ok_or_else(|| {
        let message = format!("neither {AZURE_CONFIG_DIR} nor {home} is set");
        Error::new(ErrorKind::Unavailable, message)
    })?;
    Ok(PathBuf::from(folder).join(".azure"))
}

fn signed_out() -> Error {
    let message = "nobody is signed in to the Azure CLI; run `az login`";
    Error::new(ErrorKind::Unavailable, message)
}

fn parse(content: &[u8]) -> Result<Vec<CliSubscription>> {
    match json_file::members(content)?.remove("subscriptions") {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(rows)) => rows.into_iter().map(row).collect(),
        Some(_) => Err(malformed("its subscriptions are not a list")),
    }
}

fn row(row: Value) -> Result<CliSubscription> {
    let Value::Object(mut row) = row else {
        return Err(malformed("one of its subscriptions is not an object"));
    };
    Ok(CliSubscription {
        id: take_required(&mut row, "id")?,
        name: take_required(&mut row, "name")?,
        tenant: take_required(&mut row, "tenantId")?,
        cloud_name: take_required(&mut row, "environmentName")?,
        user: user(&mut row)?,
        is_default: row.get("isDefault").and_then(Value::as_bool) == Some(true),
    })
}

fn user(row: &mut Map<String, Value>) -> Result<Option<String>> {
    match row.get_mut("user") {
        Some(Value::Object(user)) => take_text(user, "name"),
        _ => Ok(None),
    }
}
