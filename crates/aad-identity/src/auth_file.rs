//! An application as a file describes it.

mod explain;

use std::path::Path;
use std::sync::Arc;

use aad_core::explanation::{Explanation, Finding};
use aad_core::scope::resource_to_scope;
use aad_core::{Cloud, Context, Result, Secret, TokenCredential};
use http::Uri;
use serde_json::{Map, Value};

use self::explain::{Explained, Looked};
use crate::json_file::{self, malformed, take_required, take_text};
use crate::{ClientSecretCredential, CredentialOptions};

/// A key with a chain has a few KiB.
#[cfg(feature = "certificate")]
const CERTIFICATE_LIMIT: u64 = 1 << 20;

/// An application, its subscription, and where its cloud answers, as
/// `az ad sp create-for-rbac --sdk-auth` wrote them.
///
/// The file is the one that Azure's older libraries find through `AZURE_AUTH_LOCATION`; its
/// content may come from elsewhere too, such as a vault.
///
/// ```
/// # use aad_core::{Context, Result, TokenRequest};
/// use aad_identity::AuthFile;
///
/// # async fn example(context: Context) -> Result<()> {
/// let file = AuthFile::from_env(&context).await?;
/// let credential = file.credential(&context).await?;
/// let token = credential.token(&TokenRequest::new([file.scope()?])).await?;
/// println!("subscription {:?}", file.subscription_id);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuthFile {
    /// The application.
    pub client_id: String,
    /// Its tenant: `adfs` where the authority is an ADFS, whatever the file says.
    pub tenant: String,
    /// The subscription.
    pub subscription_id: Option<String>,
    /// Where its cloud answers.
    pub endpoints: Endpoints,
    proof: Proof,
    /// What was looked for to find it.
    looked_for: Vec<Finding>,
}

/// The addresses of an [`AuthFile`], as they are in it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Endpoints {
    /// The authority (`activeDirectoryEndpointUrl`).
    pub active_directory: Option<String>,
    /// The resource of the tokens (`activeDirectoryResourceId`).
    pub active_directory_resource: Option<String>,
    /// The resource of Azure AD Graph (`activeDirectoryGraphResourceId`).
    pub active_directory_graph_resource: Option<String>,
    /// Resource Manager (`resourceManagerEndpointUrl`).
    pub resource_manager: Option<String>,
    /// The classic management service (`managementEndpointUrl`).
    pub management: Option<String>,
    /// The management of SQL databases (`sqlManagementEndpointUrl`).
    pub sql_management: Option<String>,
    /// The gallery (`galleryEndpointUrl`).
    pub gallery: Option<String>,
}

#[derive(Clone, Debug)]
enum Proof {
    Secret(Secret),
    /// A path, or the certificate and its key themselves, in PEM.
    Certificate(Secret),
}

impl AuthFile {
    /// Reads the file that `AZURE_AUTH_LOCATION` names.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`](aad_core::ErrorKind::Unavailable) if the variable is not set, and those of [`AuthFile::read`].
    pub async fn from_env(context: &Context) -> Result<Self> {
        Looked::for_env(context).await.made
    }

    /// What [`AuthFile::from_env`] and [`AuthFile::credential`] would find.
    pub async fn explain(context: &Context) -> Explanation {
        Looked::for_env(context).await.explain(context).await
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ErrorKind::Credentials`](aad_core::ErrorKind::Credentials) if there is no such file, or if it is not an application's.
    pub async fn read(context: &Context, path: &Path) -> Result<Self> {
        Looked::for_file(context, path).await.made
    }

    /// Reads the content of such a file.
    ///
    /// ```
    /// let file = aad_identity::AuthFile::parse(
    ///     r#"{"clientId": "app", "clientSecret": "secret", "tenantId": "contoso.com",
    ///         "resourceManagerEndpointUrl": "https://management.azure.com/"}"#,
    /// )?;
    /// assert_eq!(file.tenant, "contoso.com");
    /// assert_eq!(file.scope()?, "https://management.azure.com//.default");
    /// # Ok::<(), aad_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Credentials`](aad_core::ErrorKind::Credentials), naming what is missing or not a text, if it is not an
    /// application's.
    pub fn parse(json: impl AsRef<[u8]>) -> Result<Self> {
        let mut members = json_file::members(json.as_ref())?;
        // In this order, so that a certificate beside a secret does not count, as in
        // ms-rest-nodeauth 3.1 (`login.ts`).
        let secret = take_text(&mut members, "clientSecret")?.map(Secret::new);
        let certificate = take_text(&mut members, "clientCertificate")?.map(Secret::new);
        let proof = secret.map(Proof::Secret);
        let proof = proof.or(certificate.map(Proof::Certificate));
        let endpoints = Endpoints::take(&mut members)?;
        let tenant = match endpoints.adfs() {
            Some(_) => "adfs".to_owned(),
            None => take_required(&mut members, "tenantId")?,
        };
        Ok(Self {
            client_id: take_required(&mut members, "clientId")?,
            tenant,
            subscription_id: take_text(&mut members, "subscriptionId")?,
            endpoints,
            proof: proof
                .ok_or_else(|| malformed("it has neither clientSecret nor clientCertificate"))?,
            looked_for: Vec::new(),
        })
    }

    /// The scope of the tokens that the file is for: `activeDirectoryResourceId`, or else
    /// `resourceManagerEndpointUrl`, whole.
    ///
    /// # Errors
    /// [`ErrorKind::Credentials`](aad_core::ErrorKind::Credentials) if the file has neither.
    pub fn scope(&self) -> Result<String> {
        let endpoints = &self.endpoints;
        let resource = endpoints.active_directory_resource.as_deref();
        let resource = resource.or(endpoints.resource_manager.as_deref());
        resource.map(resource_to_scope).ok_or_else(|| {
            malformed(
                "the file has neither activeDirectoryResourceId nor resourceManagerEndpointUrl",
            )
        })
    }

    /// The cloud whose authority the file names; none for an ADFS or a cloud that is not known.
    pub fn cloud(&self) -> Option<Cloud> {
        let authority: Uri = self.endpoints.active_directory.as_ref()?.parse().ok()?;
        Cloud::of_authority(authority.host()?)
    }

    /// Who signs in as the application. Nothing is sent yet; a certificate's file is read.
    ///
    /// # Errors
    /// As [`AuthFile::credential_opts`].
    pub async fn credential(&self, context: &Context) -> Result<Arc<dyn TokenCredential>> {
        let options = CredentialOptions::default();
        self.credential_opts(context, options).await
    }

    /// Who signs in as the application, with options. An authority among them counts before the
    /// file's, and that before the environment's.
    ///
    /// # Errors
    /// [`ErrorKind::Request`](aad_core::ErrorKind::Request) if the tenant or the authority cannot be one, or is not reached over
    /// https; [`ErrorKind::Credentials`](aad_core::ErrorKind::Credentials) if the certificate cannot be read, or if this program was
    /// built without the feature `certificate` and needs it.
    pub async fn credential_opts(
        &self,
        context: &Context,
        mut options: CredentialOptions,
    ) -> Result<Arc<dyn TokenCredential>> {
        let endpoints = &self.endpoints;
        let of_file = endpoints.adfs().or(endpoints.active_directory.as_deref());
        options.authority = options.authority.or_else(|| of_file.map(str::to_owned));
        let credential = self.sign_in(context, &options).await?;
        let looked_for = self.looked_for.clone();
        Ok(Arc::new(Explained::new(credential, looked_for)))
    }

    async fn sign_in(
        &self,
        context: &Context,
        options: &CredentialOptions,
    ) -> Result<Arc<dyn TokenCredential>> {
        match &self.proof {
            Proof::Secret(secret) => {
                let (tenant, id) = (&self.tenant, self.client_id.clone());
                let credential = ClientSecretCredential::new_opts(
                    context.clone(),
                    tenant,
                    id,
                    secret.clone(),
                    options,
                )?;
                Ok(Arc::new(credential))
            }
            Proof::Certificate(place) => self.with_certificate(context, place, options).await,
        }
    }

    #[cfg(feature = "certificate")]
    async fn with_certificate(
        &self,
        context: &Context,
        place: &Secret,
        options: &CredentialOptions,
    ) -> Result<Arc<dyn TokenCredential>> {
        use crate::{ClientCertificate, ClientCertificateCredential};

        let place = place.expose();
        let certificate = if place.trim_start().starts_with("-----BEGIN") {
            ClientCertificate::read(place, None)?
        } else {
            // Not named in an error: a certificate itself may have been put here by mistake.
            let of_file = |error: aad_core::Error| {
                let message =
                    format!("the file that clientCertificate names cannot be used: {error}");
                error.with_message(message)
            };
            let content = context
                .files()
                .read(Path::new(place), CERTIFICATE_LIMIT)
                .await;
            let content = content
                .map_err(|error| of_file(malformed("it cannot be read").with_source(error)))?;
            ClientCertificate::read(&*content, None).map_err(of_file)?
        };
        let credential = ClientCertificateCredential::new_opts(
            context.clone(),
            &self.tenant,
            &self.client_id,
            certificate,
            options,
        )?;
        Ok(Arc::new(credential))
    }

    #[cfg(not(feature = "certificate"))]
    #[expect(clippy::unused_async, reason = "as with the feature")]
    async fn with_certificate(
        &self,
        _: &Context,
        _: &Secret,
        _: &CredentialOptions,
    ) -> Result<Arc<dyn TokenCredential>> {
        Err(malformed(
            "the file has a certificate, but this program was built without the feature \
             `certificate` of aad-identity",
        ))
    }
}

impl Endpoints {
    fn take(members: &mut Map<String, Value>) -> Result<Self> {
        let mut take = |name| take_text(members, name);
        Ok(Self {
            active_directory: take("activeDirectoryEndpointUrl")?,
            active_directory_resource: take("activeDirectoryResourceId")?,
            active_directory_graph_resource: take("activeDirectoryGraphResourceId")?,
            resource_manager: take("resourceManagerEndpointUrl")?,
            management: take("managementEndpointUrl")?,
            sql_management: take("sqlManagementEndpointUrl")?,
            gallery: take("galleryEndpointUrl")?,
        })
    }

    /// The address of an ADFS without `/adfs`, by which its endpoints are told from a tenant's
    /// (azure-common 1.1.28 `client_factory.py`).
    fn adfs(&self) -> Option<&str> {
        let address = self.active_directory.as_deref()?.trim_end_matches('/');
        let (host, last) = address.rsplit_once('/')?;
        last.eq_ignore_ascii_case("adfs").then_some(host)
    }
}
