//! The documents by which clients find endpoints and keys.
//!
//! Urls are under the scheme and host of the request; the issuer is Azure's own whatever the address, because
//! clients compare it with what the tokens say.

use serde_json::{Value, json};

use super::directory::{Directory, Passwords};
use super::federation;
use super::grant::Version;
use crate::origin::Origin;
use crate::routing::{self, Surface};

/// `/.well-known/openid-configuration`. `tenant` is an id, or the `common` that was asked for.
pub(crate) fn configuration(
    origin: &Origin,
    tenant: &str,
    issuer_tenant: &str,
    version: Version,
) -> Value {
    let (middle, keys, issuer) = match version {
        Version::V1 => (
            "oauth2",
            "discovery/keys",
            format!("https://sts.windows.net/{issuer_tenant}/"),
        ),
        Version::V2 => (
            "oauth2/v2.0",
            "discovery/v2.0/keys",
            format!("https://login.microsoftonline.com/{issuer_tenant}/v2.0"),
        ),
    };
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{origin}/{tenant}/{middle}/authorize"),
        "token_endpoint": format!("{origin}/{tenant}/{middle}/token"),
        "jwks_uri": format!("{origin}/{tenant}/{keys}"),
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic", "private_key_jwt"],
        "device_authorization_endpoint": format!("{origin}/{tenant}/{middle}/devicecode"),
        "grant_types_supported": [
            "client_credentials",
            "authorization_code",
            "refresh_token",
            "password",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "urn:ietf:params:oauth:grant-type:saml1_1-bearer",
            "urn:ietf:params:oauth:grant-type:saml2-bearer",
        ],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "aud", "exp", "nbf", "iat", "tid", "oid", "appid", "ver"],
        "tenant_region_scope": null,
        "cloud_instance_name": "microsoftonline.com",
    })
}

/// `/adfs/.well-known/openid-configuration`. The tokens are those of the tenant, whose name is in `issuer`.
pub(crate) fn adfs_configuration(origin: &Origin, issuer: &str) -> Value {
    let mut document = configuration(origin, "adfs", "", Version::V1);
    document["issuer"] = format!("{origin}/adfs").into();
    document["access_token_issuer"] = issuer.into();
    document
}

/// Hosts that stand for the same authority: network host, cache name, aliases (MSAL's table of known metadata).
const CLOUDS: &[(&str, &str, &[&str])] = &[
    (
        "login.microsoftonline.com",
        "login.windows.net",
        &[
            "login.microsoftonline.com",
            "login.windows.net",
            "login.microsoft.com",
            "sts.windows.net",
        ],
    ),
    (
        "login.partner.microsoftonline.cn",
        "login.partner.microsoftonline.cn",
        &["login.partner.microsoftonline.cn", "login.chinacloudapi.cn"],
    ),
    (
        "login.microsoftonline.us",
        "login.microsoftonline.us",
        &["login.microsoftonline.us", "login.usgovcloudapi.net"],
    ),
    (
        "login-us.microsoftonline.com",
        "login-us.microsoftonline.com",
        &["login-us.microsoftonline.com"],
    ),
    (
        "login.microsoftonline.de",
        "login.microsoftonline.de",
        &["login.microsoftonline.de"],
    ),
    (
        "login.sovcloud-identity.fr",
        "login.sovcloud-identity.fr",
        &["login.sovcloud-identity.fr"],
    ),
    (
        "login.sovcloud-identity.de",
        "login.sovcloud-identity.de",
        &["login.sovcloud-identity.de"],
    ),
    (
        "login.sovcloud-identity.sg",
        "login.sovcloud-identity.sg",
        &["login.sovcloud-identity.sg"],
    ),
];

/// `/common/discovery/instance`: whether the authority in the query is one that a client may trust.
///
/// Known are the cloud's own hosts and the address under which this lake was asked.
pub(crate) fn instance(origin: &Origin, query: &str) -> Option<Value> {
    let parameter = |name: &str| {
        url::form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let authority = url::Url::parse(&parameter("authorization_endpoint")?).ok()?;
    let host = authority.host_str()?;
    let own = origin.host().eq_ignore_ascii_case(host);
    if !own && !matches!(routing::cloud_name(host), Some((Surface::Authority, _))) {
        return None;
    }
    let tenant = authority
        .path_segments()?
        .next()
        .filter(|tenant| !tenant.is_empty())?;
    let base = authority.origin().ascii_serialization();
    let v2 = if authority.path().contains("/v2.0/") {
        "v2.0/"
    } else {
        ""
    };
    let mut metadata: Vec<Value> = CLOUDS
        .iter()
        .map(|(network, cache, aliases)| entry(network, cache, aliases))
        .collect();
    if !CLOUDS.iter().any(|(_, _, aliases)| aliases.contains(&host)) {
        metadata.push(entry(host, host, &[host]));
    }
    Some(json!({
        "tenant_discovery_endpoint": format!("{base}/{tenant}/{v2}.well-known/openid-configuration"),
        "api-version": parameter("api-version").unwrap_or_else(|| "1.0".into()),
        "metadata": metadata,
    }))
}

/// `/common/userrealm/{name}`: who knows this person's password. `path` ends with the name.
pub(crate) fn realm(directory: &Directory, origin: &Origin, path: &str) -> Value {
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    let mut realm = json!({"ver": "1.0", "account_type": "Unknown", "cloud_instance_name": "microsoftonline.com"});
    if let Some(domain) = directory.domain_of(&name) {
        realm["account_type"] = "Managed".into();
        realm["domain_name"] = domain.name.as_str().into();
        realm["cloud_audience_urn"] = federation::AUDIENCE.into();
        if domain.passwords == Passwords::Federated {
            let metadata = format!("{origin}{}", federation::METADATA);
            realm["account_type"] = "Federated".into();
            realm["federation_protocol"] = "WSTrust".into();
            realm["federation_metadata_url"] = metadata.into();
            realm["federation_active_auth_url"] = format!("{origin}{}", federation::ACTIVE).into();
        }
    }
    realm
}

fn entry(network: &str, cache: &str, aliases: &[&str]) -> Value {
    json!({"preferred_network": network, "preferred_cache": cache, "aliases": aliases})
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn origin(url: &str) -> Origin {
        Origin::of(&Request::builder().uri(url).body(()).unwrap()).unwrap()
    }

    #[test]
    fn urls_are_under_the_scheme_and_host_of_the_request_and_the_issuer_is_not() {
        let document = configuration(&origin("http://127.0.0.1:9/x"), "t", "t", Version::V2);
        assert_eq!(
            document["token_endpoint"],
            "http://127.0.0.1:9/t/oauth2/v2.0/token"
        );
        assert_eq!(
            document["jwks_uri"],
            "http://127.0.0.1:9/t/discovery/v2.0/keys"
        );
        assert_eq!(
            document["issuer"],
            "https://login.microsoftonline.com/t/v2.0"
        );
        let document = configuration(
            &origin("https://login.windows.net/"),
            "common",
            "{tenantid}",
            Version::V1,
        );
        assert_eq!(
            document["token_endpoint"],
            "https://login.windows.net/common/oauth2/token"
        );
        assert_eq!(document["issuer"], "https://sts.windows.net/{tenantid}/");
    }

    #[test]
    fn every_host_of_an_authority_is_in_one_cloud() {
        let answer = instance(
            &origin("https://login.microsoftonline.com/"),
            "authorization_endpoint=https://login.microsoftonline.com/t/oauth2/authorize",
        );
        let answer = answer.unwrap();
        let clouds = answer["metadata"].as_array().unwrap();
        let clouds_of = |host: &str| {
            let names = |cloud: &Value| cloud["aliases"].as_array().unwrap().contains(&host.into());
            clouds.iter().filter(|cloud| names(cloud)).count()
        };
        for host in routing::authority_hosts() {
            assert_eq!(clouds_of(host), 1, "{host}");
        }
        let cache = |network: &str| {
            let cloud = clouds
                .iter()
                .find(|cloud| cloud["preferred_network"] == network);
            cloud.unwrap()["preferred_cache"].as_str().unwrap()
        };
        assert_eq!(cache("login.microsoftonline.com"), "login.windows.net");
        assert_eq!(
            cache("login.partner.microsoftonline.cn"),
            "login.partner.microsoftonline.cn"
        );
    }

    #[test]
    fn an_instance_is_the_clouds_or_this_lake() {
        let found = |authority: &str| {
            let query = format!("api-version=1.1&authorization_endpoint={authority}");
            instance(
                &origin("https://127.0.0.1:7171/common/discovery/instance"),
                &query,
            )
            .map(|answer| {
                answer["tenant_discovery_endpoint"]
                    .as_str()
                    .unwrap()
                    .to_owned()
            })
        };
        assert_eq!(
            found("https://login.microsoftonline.com/t/oauth2/v2.0/authorize").as_deref(),
            Some("https://login.microsoftonline.com/t/v2.0/.well-known/openid-configuration")
        );
        assert_eq!(
            found("https://login.windows.net/common/oauth2/authorize").as_deref(),
            Some("https://login.windows.net/common/.well-known/openid-configuration")
        );
        assert!(found("https://127.0.0.1:7171/t/oauth2/authorize").is_some());
        for authority in [
            "https://evil.example/t/oauth2/authorize",
            "https://management.azure.com/t/",
            "t",
            "https://login.windows.net",
        ] {
            assert_eq!(found(authority), None, "{authority}");
        }
    }
}
