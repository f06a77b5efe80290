//! The one registry of environment variables that the SDK reads.
//!
//! Nothing below the command line reads the process's environment by itself: a name from here is
//! looked up through [`Context::var`](crate::Context::var).

/// An environment variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it says.
    pub about: &'static str,
}

macro_rules! variables {
    ($(#[doc = $about:literal] $name:ident $(= $text:literal)?;)*) => {
        $(#[doc = $about] pub const $name: &str = variables!(@name $name $($text)?);)*

        /// Every variable, with what it says.
        pub const ALL: &[Variable] = &[$(Variable { name: $name, about: $about.trim_ascii_start() }),*];
    };
    (@name $name:ident) => { stringify!($name) };
    (@name $name:ident $text:literal) => { $text };
}

variables! {
    /// The tenant to sign in to: a GUID or a domain.
    AZURE_TENANT_ID;
    /// The application to sign in as.
    AZURE_CLIENT_ID;
    /// The application's secret.
    AZURE_CLIENT_SECRET;
    /// The file with the application's certificate and private key, in PEM or PKCS#12.
    AZURE_CLIENT_CERTIFICATE_PATH;
    /// The password of that file.
    AZURE_CLIENT_CERTIFICATE_PASSWORD;
    /// Whether the certificate and its chain are sent along: `true` or `1`.
    AZURE_CLIENT_SEND_CERTIFICATE_CHAIN;
    /// The user to sign in as.
    AZURE_USERNAME;
    /// The user's password.
    AZURE_PASSWORD;
    /// The authority's address, `https://login.microsoftonline.com` if unset.
    AZURE_AUTHORITY_HOST;
    /// Where in Azure an application's tokens are issued: a region, or `TryAutoDetect`.
    AZURE_REGIONAL_AUTHORITY_NAME;
    /// The same for all programs that use MSAL, where no other choice was made.
    MSAL_FORCE_REGION;
    /// The region that a program runs in.
    REGION_NAME;
    /// Whether a request for another tenant gets a token of the credential's own: any value.
    AZURE_IDENTITY_DISABLE_MULTITENANTAUTH;
    /// Further tenants, separated by semicolons, that a request may ask tokens of; `*` for any.
    AZURE_ADDITIONALLY_ALLOWED_TENANTS;
    /// The file with a token of another issuer that the application signs in with.
    AZURE_FEDERATED_TOKEN_FILE;
    /// Where a cluster of Azure Kubernetes Service gives its workloads their tokens.
    AZURE_KUBERNETES_TOKEN_PROXY;
    /// The name under which the cluster's token proxy proves itself, if not that of its address.
    AZURE_KUBERNETES_SNI_NAME;
    /// The file with the authorities, in PEM, that prove the cluster's token proxy.
    AZURE_KUBERNETES_CA_FILE;
    /// These authorities themselves.
    AZURE_KUBERNETES_CA_DATA;
    /// Which sources of a default chain are tried: `dev`, `prod`, or one by its name.
    AZURE_TOKEN_CREDENTIALS;
    /// The file that describes an application, its subscription and its cloud.
    AZURE_AUTH_LOCATION;
    /// The folder of the Azure CLI's settings, `.azure` in the user's folder if unset.
    AZURE_CONFIG_DIR;
    /// The address of a managed identity's host, set by App Service, Azure Arc and Service Fabric.
    IDENTITY_ENDPOINT;
    /// What proves to App Service or Service Fabric that a request comes from the app.
    IDENTITY_HEADER;
    /// The SHA-1 thumbprint of the certificate of Service Fabric's host.
    IDENTITY_SERVER_THUMBPRINT;
    /// Set by Azure Arc.
    IMDS_ENDPOINT;
    /// The address of a managed identity's host, set by Azure Machine Learning and Cloud Shell.
    MSI_ENDPOINT;
    /// What proves to Azure Machine Learning that a request comes from the job.
    MSI_SECRET;
    /// The identity of a job in Azure Machine Learning.
    DEFAULT_IDENTITY_CLIENT_ID;
    /// The address of the instance metadata service, `http://169.254.169.254` if unset.
    AZURE_POD_IDENTITY_AUTHORITY_HOST;
    /// Where a job of Azure Pipelines gets its own token.
    SYSTEM_OIDCREQUESTURI;
    /// Where a job of GitHub Actions gets its own token.
    ACTIONS_ID_TOKEN_REQUEST_URL;
    /// What a job of GitHub Actions gets its own token with.
    ACTIONS_ID_TOKEN_REQUEST_TOKEN;
    /// The tenant, as Python's `azure-datalake-store` calls it.
    STORE_TENANT_ID = "azure_tenant_id";
    /// The application, as Python's `azure-datalake-store` calls it.
    STORE_CLIENT_ID = "azure_client_id";
    /// The application's secret, as Python's `azure-datalake-store` calls it.
    STORE_CLIENT_SECRET = "azure_client_secret";
    /// The user, as Python's `azure-datalake-store` calls it.
    STORE_USERNAME = "azure_username";
    /// The user's password, as Python's `azure-datalake-store` calls it.
    STORE_PASSWORD = "azure_password";
    /// Where programs are looked for.
    PATH;
    /// Where Windows keeps what programs share.
    PROGRAMDATA;
    /// Where Windows keeps programs.
    PROGRAMFILES;
    /// Where Windows is.
    SYSTEMROOT;
    /// The user's folder, but on Windows.
    HOME;
    /// The user's folder on Windows.
    USERPROFILE;
    /// The screen of an X11 desktop.
    DISPLAY;
    /// The screen of a Wayland desktop.
    WAYLAND_DISPLAY;
    /// The browser that a person prefers, where there is no desktop to know it.
    BROWSER;
    /// A file of certificates in PEM form to trust in addition to the system's.
    SSL_CERT_FILE;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_is_explained() {
        assert!(ALL.iter().any(|variable| variable.name == AZURE_TENANT_ID));
        for variable in ALL {
            assert!(variable.about.ends_with('.'), "{}", variable.name);
        }
    }
}
