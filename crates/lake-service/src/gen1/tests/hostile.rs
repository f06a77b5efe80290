//! Names, numbers and lists that are odd or wrong: an answer in the service's shape, and nothing is lost.

use http::{Method, StatusCode};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::World;

fn encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[tokio::test]
async fn any_name_that_is_text_is_kept_to_the_letter() {
    let world = World::new().await;
    let long = "x".repeat(255);
    let longer = "é".repeat(1000);
    let names = [
        "100%",
        "%41",
        "%2F",
        "a#b",
        "what?",
        "1+1",
        "a b",
        " ",
        "~`!@#$%^&*()_.+=-{}[]|;',<>",
        "a\\b",
        "a:b",
        "...",
        ".hidden",
        "trailing.",
        "CON",
        "官話.עברית.हिंदी",
        "e\u{301}",
        "😀",
        "\u{202e}txt",
        "a\tb",
        "a\nb",
        "&offset=1",
        "op=DELETE",
        &long,
        &longer,
    ];
    for name in names {
        let (path, other) = (
            format!("/d/{}", encode(name)),
            format!("/d/{}", encode(&format!("new {name}"))),
        );
        let created = world.put(&format!("{path}?op=CREATE"), "1").await;
        assert_eq!(
            created.status,
            StatusCode::CREATED,
            "{name}: {}",
            created.text()
        );
        assert_eq!(world.names("/d?op=LISTSTATUS").await, [name]);
        world
            .append(&format!("{path}?op=APPEND&offset=1"), "2")
            .await;
        assert_eq!(world.get(&format!("{path}?op=OPEN")).await.text(), "12");
        let to = encode(&format!("/d/new {name}"));
        let renamed = world
            .put(&format!("{path}?op=RENAME&destination={to}"), "")
            .await;
        assert_eq!(renamed.text(), r#"{"boolean":true}"#, "{name}");
        let listed = format!(
            "/d?op=LISTSTATUS&listAfter={}",
            encode(&format!("new {name}"))
        );
        assert_eq!(world.names(&listed).await, [""; 0]);
        let sources = serde_json::json!({ "sources": [format!("/d/new {name}")] }).to_string();
        let joined = world
            .ask(Method::POST, &format!("{path}?op=MSCONCAT"), sources)
            .await;
        assert_eq!(joined.status, StatusCode::OK, "{name}: {}", joined.text());
        assert_eq!(world.length(&path).await, 2);
        let gone = world.get(&format!("{other}?op=GETFILESTATUS")).await;
        assert_eq!(gone.status, StatusCode::NOT_FOUND);
        world.delete(&format!("{path}?op=DELETE")).await;
    }
    assert_eq!(world.names("/d?op=LISTSTATUS").await, [""; 0]);
}

#[tokio::test]
async fn paths_that_no_file_has_are_refused_by_every_operation() {
    let world = World::new().await;
    world.put("/f?op=CREATE", "1").await;
    let deep = "/x".repeat(5000);
    let long = format!("/{}", "x".repeat(10_000));
    let paths = [
        "/a/../f",
        "/%2e%2e",
        "/a%2f%2e%2e%2ff",
        "/f%00",
        "/%ff%fe",
        "/%c0%af",
        deep.as_str(),
        long.as_str(),
    ];
    for path in paths {
        for (method, query) in [
            (Method::GET, "op=OPEN"),
            (Method::GET, "op=GETFILESTATUS"),
            (Method::GET, "op=LISTSTATUS"),
            (Method::PUT, "op=CREATE"),
            (Method::POST, "op=APPEND"),
            (Method::PUT, "op=MKDIRS"),
            (Method::PUT, "op=RENAME&destination=/g"),
            (Method::DELETE, "op=DELETE&recursive=true"),
            (Method::PUT, "op=SETPERMISSION&permission=0"),
        ] {
            let reply = world.ask(method, &format!("{path}?{query}"), "").await;
            assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{query}");
            assert_eq!(
                reply.json()["RemoteException"]["exception"],
                "IllegalArgumentException"
            );
        }
        let to = path.replace("%2f", "/");
        let renamed = world
            .put(&format!("/f?op=RENAME&destination={to}"), "")
            .await;
        assert_eq!(
            renamed.status,
            StatusCode::BAD_REQUEST,
            "{}",
            renamed.text()
        );
    }
    assert_eq!(world.names("/?op=LISTSTATUS").await, ["f"]);
}

#[tokio::test]
async fn values_that_make_no_sense_are_refused_as_arguments() {
    let world = World::new().await;
    world.put("/f?op=CREATE", "12345").await;
    let many = (0..500)
        .map(|n| format!("user:u{n}:rwx"))
        .collect::<Vec<_>>()
        .join(",");
    let huge = format!("user:{}:rwx", "u".repeat(4000));
    let acls = [
        "",
        ",",
        ",,,",
        "user",
        "user:",
        "user::",
        "user::rw",
        "user::RWX",
        "user::rwxr",
        "user:a:b:rwx",
        "x::rwx",
        "mask:a:rwx",
        "other:a:rwx",
        "default:default:user::rwx",
        "default:user:a:rwx",
        "user:a:rwx,user:a:r--",
        "user:a:rwx,nonsense",
        "::",
        ":::",
        "user:a:777",
        "user%3Aa%00:rwx:",
        &many,
        &huge,
    ];
    let acls = ["SETACL", "MODIFYACLENTRIES"]
        .map(|op| acls.map(|spec| format!("PUT op={op}&aclspec={spec}")));
    let keys = [
        "",
        "user:a:rwx",
        "user::rwx",
        "user:",
        "mask:",
        "other",
        "group:a,group:a",
        "x:y",
    ];
    let keys = keys.map(|spec| format!("PUT op=REMOVEACLENTRIES&aclspec={spec}"));
    let others = [
        "PUT op=SETACL&aclspec=user:a:rwx",
        "PUT op=SETACL",
        "PUT op=MODIFYACLENTRIES",
        "PUT op=SETPERMISSION",
        "PUT op=SETPERMISSION&permission=",
        "PUT op=SETPERMISSION&permission=9",
        "PUT op=SETPERMISSION&permission=10000",
        "PUT op=SETPERMISSION&permission=99999999999999999999",
        "PUT op=CREATE&overwrite=true&permission=rwxrwxrwx",
        "PUT op=CREATE&overwrite=perhaps",
        "PUT op=CREATE&CreateParent=2",
        "PUT op=CREATE&overwrite=true&syncFlag=SOMETIMES",
        "PUT op=CREATE&overwrite=true&leaseid=x",
        "GET op=OPEN&offset=-1",
        "GET op=OPEN&offset=1e3",
        "GET op=OPEN&offset=0x1",
        "GET op=OPEN&offset=%2B1",
        "GET op=OPEN&offset=18446744073709551616",
        "GET op=OPEN&length=-1",
        "GET op=OPEN&length=all",
        "POST op=APPEND&offset=-1",
        "POST op=APPEND&offset=5.0",
        "POST op=APPEND&offset=five",
        "POST op=APPEND&offset=99999999999999999999",
        "POST op=APPEND&syncFlag=PIPELINE",
        "POST op=APPEND&leaseid=1",
        "GET op=LISTSTATUS&listSize=-1",
        "GET op=LISTSTATUS&listSize=0",
        "GET op=LISTSTATUS&listSize=many",
        "PUT op=SETTIMES&modificationtime=now",
        "PUT op=SETTIMES&accesstime=99999999999999999999",
        "PUT op=SETOWNER",
        "PUT op=SETOWNER&owner=&group=",
        "PUT op=RENAME&destination=",
        "PUT op=RENAME&destination=/g&renameoptions=MAYBE",
        "GET op=CHECKACCESS",
        "GET op=CHECKACCESS&fsaction=",
        "GET op=CHECKACCESS&fsaction=rwz",
        "GET op=CHECKACCESS&fsaction=7",
        "POST op=CONCAT",
        "POST op=CONCAT&sources=",
        "POST op=CONCAT&sources=/f",
        "POST op=CONCAT&sources=/../f",
        "GET op=GETFILESTATUS&getconsistentlength=often",
        "EXT op=SETEXPIRY",
        "EXT op=SETEXPIRY&expiryOption=Sometimes&expireTime=1",
        "EXT op=SETEXPIRY&expiryOption=Absolute",
        "EXT op=SETEXPIRY&expiryOption=Absolute&expireTime=0",
        "EXT op=SETEXPIRY&expiryOption=Absolute&expireTime=-5",
        "EXT op=SETEXPIRY&expiryOption=Absolute&expireTime=18446744073709551615",
        "EXT op=SETEXPIRY&expiryOption=RelativeToNow&expireTime=soon",
        "EXT op=SETEXPIRY&expiryOption=RelativeToNow",
    ];
    let all = acls
        .into_iter()
        .flatten()
        .chain(keys)
        .chain(others.map(String::from));
    for request in all {
        let (method, query) = request.split_once(' ').unwrap();
        let query = query.replace("op=CREATE", "op=CREATE&write=true");
        let reply = match method {
            "EXT" => {
                world
                    .extension(Method::PUT, &format!("/f?{query}"), "")
                    .await
            }
            _ => {
                world
                    .ask(method.parse().unwrap(), &format!("/f?{query}"), "")
                    .await
            }
        };
        assert_eq!(
            reply.status,
            StatusCode::BAD_REQUEST,
            "{request}: {}",
            reply.text()
        );
        let error = &reply.json()["RemoteException"];
        assert_eq!(
            error["javaClassName"], "java.lang.IllegalArgumentException",
            "{request}"
        );
    }
    let status = world.get("/f?op=GETFILESTATUS").await.json()["FileStatus"].clone();
    assert_eq!(
        (&status["length"], &status["permission"]),
        (&5.into(), &"770".into())
    );
    assert_eq!(
        (&status["aclBit"], &status["msExpirationTime"]),
        (&false.into(), &0.into())
    );
    for body in [
        "",
        "{",
        "[]",
        "{}",
        r#"{"sources":1}"#,
        r#"{"sources":[]}"#,
        r#"{"sources":["/f"]}"#,
        "sources=/..",
        "/f",
    ] {
        let reply = world.append("/f?op=MSCONCAT", body).await;
        assert_eq!(
            reply.status,
            StatusCode::BAD_REQUEST,
            "{body}: {}",
            reply.text()
        );
    }
    let nested = format!(
        r#"{{"sources":{}{}}}"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let reply = world.ask(Method::POST, "/f?op=MSCONCAT", nested).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    for (method, query) in [
        (Method::GET, "op=OPEN&offset=5"),
        (Method::GET, "op=OPEN&offset=6"),
        (Method::POST, "op=APPEND&offset=18446744073709551615"),
    ] {
        let reply = world.ask(method, &format!("/f?{query}"), "x").await;
        assert_eq!(
            reply.json()["RemoteException"]["exception"],
            "BadOffsetException"
        );
    }
    let end = world
        .get("/f?op=OPEN&offset=5&length=18446744073709551615")
        .await;
    assert_eq!(end.status, StatusCode::RANGE_NOT_SATISFIABLE);
}
