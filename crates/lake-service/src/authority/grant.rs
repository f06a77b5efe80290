//! The token endpoints: a form in, a token or a refusal out.

use http::{HeaderMap, header};
use serde::{Deserialize, Serialize};
use url::form_urlencoded;
use uuid::Uuid;

use super::assertion::Judge;
use super::client::{self, Proof};
use super::directory::Application;
use super::failure::Failure;
use super::resource;

/// The one kind of assertion that there is (RFC 7523, 2.2).
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Which dialect of the token endpoint was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Version {
    /// `/oauth2/token`: `resource=`, and numbers in the answer are strings.
    V1,
    /// `/oauth2/v2.0/token`: `scope=`.
    V2,
}

/// What a client was granted.
#[derive(Debug)]
pub(crate) struct Grant<'a> {
    pub(crate) application: &'a Application,
    /// How it showed that it is the one.
    pub(crate) proof: Proof,
    /// The audience: a resource exactly as the client spelt it.
    pub(crate) resource: String,
}

/// The fields of a token request; parameters are looked up by their exact names.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    pub(crate) fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).into_owned().collect())
    }

    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let (_, value) = self
            .0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())?;
        Some(value)
    }

    pub(super) fn required(&self, name: &str) -> Result<&str, Failure> {
        self.field(name)
            .ok_or_else(|| Failure::missing_parameter(name))
    }
}

/// Decides a request for a token of `tenant`, the path's first segment.
pub(crate) fn decide<'a>(
    judge: &Judge<'a>,
    tenant: &str,
    version: Version,
    headers: &HeaderMap,
    form: &Form,
) -> Result<Grant<'a>, Failure> {
    let directory = judge.directory;
    let grant = form.required("grant_type")?;
    if grant != "client_credentials" {
        return Err(Failure::unsupported_grant(grant));
    }
    if ["common", "organizations", "consumers"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(tenant))
    {
        return Err(Failure::no_tenant());
    }
    if !directory.is_tenant(tenant) {
        return Err(Failure::unknown_tenant(tenant));
    }
    let (application, proof) = client::authenticate(judge, tenant, headers, form)?;
    if proof == Proof::Nothing {
        return Err(Failure::no_secret());
    }
    let resource = match version {
        Version::V1 => form.required("resource")?.to_owned(),
        Version::V2 => {
            let scope = form.required("scope")?;
            resource::of_scope(scope).ok_or_else(|| Failure::invalid_scope(scope))?
        }
    };
    if !resource::is_known(&resource) {
        return Err(Failure::unknown_resource(&resource, directory.domain()));
    }
    Ok(Grant {
        application,
        proof,
        resource,
    })
}

/// Whether an application's signed statement shows who it is.
pub(super) fn check_assertion(judge: &Judge<'_>, id: Uuid, form: &Form) -> Result<(), Failure> {
    let assertion = form
        .field("client_assertion")
        .ok_or_else(Failure::no_secret)?;
    if form.required("client_assertion_type")? != JWT_BEARER {
        return Err(Failure::malformed_assertion());
    }
    judge.check(id, assertion)
}

/// RFC 6749, 2.3.1: both halves are form-encoded before they are joined and base64-encoded.
pub(super) fn basic_credentials(headers: &HeaderMap) -> Option<(String, String)> {
    use base64::Engine as _;
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = base64::engine::general_purpose::STANDARD
        .decode(encoded.trim())
        .ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    let spaces = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaces)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use lake_store::Ambient;

    use super::*;
    use crate::authority::assertion::Used;
    use crate::authority::certificates::Certificates;
    use crate::authority::directory::Directory;
    use crate::authority::keys::SigningKey;
    use crate::authority::seed::Seed;
    use crate::options::AssertionUse;
    use crate::origin::Origin;

    const RESOURCE: &str = "https://datalake.azure.net/";
    const SCOPE: &str = "https://datalake.azure.net//.default";

    fn directory() -> Directory {
        Seed::create(&Ambient::system()).into_directory().unwrap()
    }

    fn decided(
        directory: &Directory,
        tenant: &str,
        version: Version,
        form: &[(&str, &str)],
    ) -> Result<String, u32> {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let request = http::Request::get("http://localhost/").body(()).unwrap();
        let judge = Judge {
            directory,
            certificates: &Certificates::default(),
            key: &SigningKey::generate().unwrap(),
            workload_issuer: String::new(),
            used: &Used::default(),
            policy: AssertionUse::Repeated,
            origin: &Origin::of(&request).unwrap(),
            now: time::OffsetDateTime::UNIX_EPOCH,
        };
        decide(
            &judge,
            tenant,
            version,
            &HeaderMap::new(),
            &Form::parse(body.as_bytes()),
        )
        .map(|grant| grant.resource)
        .map_err(|failure| failure.code())
    }

    #[test]
    fn a_client_with_its_secret_is_granted_the_resource_as_it_spelt_it() {
        let directory = directory();
        let id = directory.client.client_id.to_string();
        let base = [
            ("grant_type", "client_credentials"),
            ("client_id", &id),
            ("client_secret", directory.client.secret().unwrap().expose()),
        ];
        let tenant_id = directory.tenant_id.to_string().to_uppercase();
        for tenant in [tenant_id.as_str(), "LAKE.onmicrosoft.com"] {
            let v1 = [&base[..], &[("resource", RESOURCE)]].concat();
            assert_eq!(
                decided(&directory, tenant, Version::V1, &v1),
                Ok(RESOURCE.into())
            );
            let v2 = [&base[..], &[("scope", SCOPE)]].concat();
            assert_eq!(
                decided(&directory, tenant, Version::V2, &v2),
                Ok(RESOURCE.into())
            );
        }
    }

    #[test]
    fn every_mistake_has_its_own_code() {
        let directory = directory();
        let id = directory.client.client_id.to_string();
        let secret = directory.client.secret().unwrap().expose();
        let admin = directory.admin.secret().unwrap().expose();
        let good = [
            ("grant_type", "client_credentials"),
            ("client_id", &id),
            ("client_secret", secret),
            ("scope", SCOPE),
        ];
        let with = |name: &str, value: &str| {
            let form: Vec<_> = good
                .iter()
                .map(|&(n, v)| (n, if n == name { value } else { v }))
                .collect();
            decided(&directory, directory.domain(), Version::V2, &form).unwrap_err()
        };
        assert_eq!(with("grant_type", ""), 900144);
        assert_eq!(with("grant_type", "password"), 70003);
        assert_eq!(with("client_id", ""), 900144);
        assert_eq!(with("client_id", "nobody"), 700016);
        assert_eq!(
            with("client_id", "00000000-0000-0000-0000-000000000000"),
            700016
        );
        assert_eq!(with("client_secret", ""), 7000216);
        assert_eq!(with("client_secret", "wrong"), 7000215);
        assert_eq!(with("client_secret", admin), 7000215);
        assert_eq!(with("scope", ""), 900144);
        assert_eq!(with("scope", RESOURCE), 70011);
        assert_eq!(with("scope", "https://nothing.example/.default"), 500011);
        let tenant = |name| decided(&directory, name, Version::V2, &good).unwrap_err();
        assert_eq!(tenant("contoso.onmicrosoft.com"), 90002);
        assert_eq!(tenant("common"), 50059);
        assert_eq!(
            decided(&directory, directory.domain(), Version::V1, &good),
            Err(900144)
        );
    }

    #[test]
    fn basic_credentials_are_form_encoded_inside() {
        use base64::Engine as _;
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let value = format!(
                "Basic {}",
                base64::engine::general_purpose::STANDARD.encode(text)
            );
            let headers = HeaderMap::from_iter([(
                header::AUTHORIZATION,
                HeaderValue::try_from(value).unwrap(),
            )]);
            let expected = expected.map(|(id, secret)| (id.to_owned(), secret.to_owned()));
            assert_eq!(basic_credentials(&headers), expected, "{text}");
        };
        check("id:secret", Some(("id", "secret")));
        check("id:a%3Ab+c%2B", Some(("id", "a:b c+")));
        check("id:a:b", Some(("id", "a:b")));
        check("id", None);
    }
}
