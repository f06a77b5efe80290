//! Where requests and their bodies end, over a real socket.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::harness::DATA_LAKE;
use crate::sockets::{Served, exchange};

/// The head of a CREATE of `/name`, with these further lines.
fn create(name: &str, token: &str, lines: &str) -> String {
    format!(
        "PUT /webhdfs/v1/{name}?op=CREATE&write=true HTTP/1.1\r\nHost: 127.0.0.1\r\n\
         Authorization: Bearer {token}\r\n{lines}\r\n\r\n"
    )
}

/// What is in `/name`; nothing if there is no such file.
async fn bytes(served: &Served, token: &str, name: &str) -> Option<String> {
    let request = format!(
        "GET /webhdfs/v1/{name}?op=OPEN&read=true HTTP/1.1\r\nHost: 127.0.0.1\r\n\
         Authorization: Bearer {token}\r\nConnection: close\r\n\r\n"
    );
    let answer = exchange(connect(served).await, &request).await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    if head.starts_with("HTTP/1.1 404 ") {
        return None;
    }
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{answer}");
    // One chunk: its length, its bytes, and the end.
    Some(body.split("\r\n").nth(1).unwrap().to_owned())
}

async fn connect(served: &Served) -> TcpStream {
    TcpStream::connect(served.http).await.unwrap()
}

#[tokio::test]
async fn bytes_that_were_not_declared_are_a_malformed_request() {
    let served = Served::start().await;
    let token = served.lake.token(DATA_LAKE).await;
    let request = create("f", &token, "Content-Length: 3") + "abcdef\r\n\r\n";
    let answers = exchange(connect(&served).await, &request).await;
    let (created, malformed) = answers.split_at(answers.rfind("HTTP/1.1 ").unwrap());
    assert!(created.starts_with("HTTP/1.1 201 Created\r\n"), "{answers}");
    let refused = "HTTP/1.1 400 Bad Request\r\n";
    assert!(malformed.starts_with(refused), "{answers}");
    assert_eq!(bytes(&served, &token, "f").await.unwrap(), "abc");
}

#[tokio::test]
async fn a_body_that_breaks_off_changes_nothing() {
    let served = Served::start().await;
    let token = served.lake.token(DATA_LAKE).await;
    for (head, part) in [
        ("Content-Length: 10", "abc".to_owned()),
        ("Content-Length: 9000000", "a".repeat(5_000_000)),
        ("Transfer-Encoding: chunked", "5\r\nab".to_owned()),
        ("Transfer-Encoding: chunked", "2\r\nab\r\n".to_owned()),
    ] {
        let mut stream = connect(&served).await;
        let request = create("f", &token, head) + &part;
        stream.write_all(request.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        // An answer may come or not; that the file is not there is what counts.
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8(answer).unwrap();
        assert!(!answer.contains(" 201 "), "{head}: {answer}");
        assert_eq!(bytes(&served, &token, "f").await, None, "{head}");
    }
}

#[tokio::test]
async fn whoever_asks_first_is_told_to_go_on_and_then_answered() {
    let served = Served::start().await;
    let token = served.lake.token(DATA_LAKE).await;
    let mut stream = connect(&served).await;
    let lines = "Content-Length: 3\r\nExpect: 100-continue\r\nConnection: close";
    let head = create("f", &token, lines);
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut go_on = [0; 25];
    stream.read_exact(&mut go_on).await.unwrap();
    assert_eq!(&go_on, b"HTTP/1.1 100 Continue\r\n\r\n");
    let answer = exchange(stream, "abc").await;
    assert!(answer.starts_with("HTTP/1.1 201 Created\r\n"), "{answer}");
    assert_eq!(bytes(&served, &token, "f").await.unwrap(), "abc");
}

#[tokio::test]
async fn whoever_asks_first_and_has_no_token_need_not_send_the_body() {
    let served = Served::start().await;
    let lines = "Content-Length: 3\r\nExpect: 100-continue";
    let request = create("f", "none", lines);
    let answer = exchange(connect(&served).await, &request).await;
    let refused = "HTTP/1.1 401 Unauthorized\r\n";
    assert!(answer.starts_with(refused), "{answer}");
}

#[tokio::test]
async fn requests_follow_each_other_on_a_connection_chunked_or_not() {
    let served = Served::start().await;
    let token = served.lake.token(DATA_LAKE).await;
    let requests = create("a", &token, "Content-Length: 3")
        + "abc"
        + &create("b", &token, "Transfer-Encoding: chunked")
        + "2\r\nde\r\n1\r\nf\r\n0\r\n\r\n"
        + &create("c", &token, "Content-Length: 0\r\nConnection: close");
    let answers = exchange(connect(&served).await, &requests).await;
    assert_eq!(answers.matches("HTTP/1.1 201 Created").count(), 3);
    assert_eq!(bytes(&served, &token, "a").await.unwrap(), "abc");
    assert_eq!(bytes(&served, &token, "b").await.unwrap(), "def");
}

#[tokio::test]
async fn an_account_that_is_not_there_has_no_address() {
    let served = Served::start().await;
    for target in [
        "nobody.azuredatalakestore.net:443",
        "nobody.azuredatalakeanalytics.net:443",
    ] {
        let refused = served.tunnel(target).await.unwrap_err();
        assert_eq!(refused, http::StatusCode::BAD_GATEWAY, "{target}");
    }
    let account = "lakestore.azuredatalakestore.net:443";
    assert!(served.tunnel(account).await.is_ok());
}
