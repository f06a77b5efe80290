//! Who answers under which address.

use super::*;

struct Rows;

impl Known for Rows {
    fn is_account(&self, name: &str) -> bool {
        ["lakestore", "lakeanalytics", "devstoreaccount1"].contains(&name)
    }

    fn is_storage_account(&self, name: &str) -> bool {
        name.eq_ignore_ascii_case("devstoreaccount1")
    }

    fn is_tenant(&self, name: &str) -> bool {
        name == "lake.onmicrosoft.com"
    }
}

#[track_caller]
fn check(host: &str, path: &str, expected: Option<(Surface, Option<&str>)>) {
    let found = route(host, path, &Rows);
    let found = found
        .as_ref()
        .map(|route| (route.surface, route.account.as_deref()));
    assert_eq!(found, expected, "{host} {path}");
}

#[test]
fn a_name_of_the_cloud_decides_whatever_the_path() {
    check(
        "login.microsoftonline.com",
        "/jobs",
        Some((Surface::Authority, None)),
    );
    check("LOGIN.WINDOWS.NET", "/", Some((Surface::Authority, None)));
    for region in [
        "westus2.login.microsoft.com",
        "usgovvirginia.login.microsoftonline.us",
    ] {
        check(region, "/t/oauth2/token", Some((Surface::Authority, None)));
    }
    for other in [
        "a.b.login.microsoft.com",
        ".login.microsoft.com",
        "a.management.azure.com",
    ] {
        check(other, "/nobody", None);
    }
    check(
        "management.azure.com",
        "/common/oauth2/token",
        Some((Surface::Arm, None)),
    );
    check(
        "Other.AzureDataLakeStore.net",
        "/subscriptions",
        Some((Surface::Gen1, Some("other"))),
    );
    check(
        "acct.azuredatalakeanalytics.net",
        "/webhdfs/v1/",
        Some((Surface::Adla, Some("acct"))),
    );
    check(
        "acct.dfs.core.windows.net",
        "/",
        Some((Surface::Storage, Some("acct"))),
    );
    check(
        "acct.blob.core.chinacloudapi.cn",
        "/",
        Some((Surface::Storage, Some("acct"))),
    );
    check(
        "kv.vault.azure.net",
        "/api",
        Some((Surface::KeyVault, Some("kv"))),
    );
    check(
        "adb-1.2.azuredatabricks.net",
        "/x",
        Some((Surface::Databricks, Some("adb-1.2"))),
    );
    check(
        "acct.azuredatalakestore.net.",
        "/x",
        Some((Surface::Gen1, Some("acct"))),
    );
}

#[test]
fn a_reserved_segment_decides_under_any_other_host() {
    for host in ["127.0.0.1", "[::1]", "localhost", "lake.example"] {
        check(host, "/webhdfs/v1/a", Some((Surface::Gen1, None)));
        check(host, "/WebHdfsExt/a", Some((Surface::Gen1, None)));
        check(host, "//webhdfs/v1/a", Some((Surface::Gen1, None)));
        check(host, "/Jobs", Some((Surface::Adla, None)));
        check(host, "/buildjob", Some((Surface::Adla, None)));
        check(host, "/catalog/usql", Some((Surface::Adla, None)));
        check(host, "/subscriptions/1", Some((Surface::Arm, None)));
        check(host, "/secrets/s", Some((Surface::KeyVault, None)));
        check(host, "/api/2.0", Some((Surface::Databricks, None)));
        check(host, "/metadata/identity", Some((Surface::Metadata, None)));
        check(
            host,
            "/common/discovery/instance",
            Some((Surface::Authority, None)),
        );
        check(host, "/_LAKE/", Some((Surface::Page, None)));
        check(host, "/_lake/anything", Some((Surface::Admin, None)));
        check(host, "/", Some((Surface::Page, None)));
        check(host, "", Some((Surface::Page, None)));
    }
}

#[test]
fn an_account_in_front_of_any_suffix_is_that_account() {
    check(
        "lakestore.localhost",
        "/webhdfs/v1/a",
        Some((Surface::Gen1, Some("lakestore"))),
    );
    check(
        "nobody.localhost",
        "/webhdfs/v1/a",
        Some((Surface::Gen1, None)),
    );
    check("127.0.0.1", "/webhdfs/v1/a", Some((Surface::Gen1, None)));
}

#[test]
fn then_come_storage_accounts_and_tenants_and_nothing_else() {
    check(
        "127.0.0.1",
        "/DevStoreAccount1/fs",
        Some((Surface::Storage, Some("devstoreaccount1"))),
    );
    check(
        "127.0.0.1",
        "/lake.onmicrosoft.com/oauth2/token",
        Some((Surface::Authority, None)),
    );
    check(
        "127.0.0.1",
        "/nobody/oauth2/v2.0/token",
        Some((Surface::Authority, None)),
    );
    check("127.0.0.1", "/lakestore/a", None);
    check("127.0.0.1", "/nobody", None);
    check("azuredatalakestore.net", "/nobody", None);
    check(".azuredatalakestore.net", "/nobody", None);
    check("evilazuredatalakestore.net", "/nobody", None);
    check("login.microsoftonline.com.evil.example", "/nobody", None);
}

#[test]
fn reserved_segments_are_no_account_names() {
    for (segment, _) in SEGMENTS {
        assert!(is_reserved(&segment.to_uppercase()), "{segment}");
    }
    assert!(!is_reserved("lakestore"));
}

#[test]
fn a_rebound_name_is_not_trusted() {
    for host in [
        "127.0.0.1",
        "[::1]",
        "10.1.2.3",
        "localhost",
        "a.localhost",
        "login.windows.net",
        "box.example",
    ] {
        assert!(is_trusted_host(host, &["box.example".into()]), "{host}");
    }
    for host in [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "lakestore.evil.example",
        "",
    ] {
        assert!(!is_trusted_host(host, &["box.example".into()]), "{host}");
    }
}
