//! Reading goes on where a connection broke, and asks for no more than it should.

use std::io::SeekFrom;
use std::sync::Arc;

use aad_core::Transport;
use adls_fs::{ErrorKind, FileSystem, ReadOptions};
use futures::executor::block_on;
use futures::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt};
use testkit::context::{Reply, World, json, response};

use crate::fake::{file_system, fresh, path};

const CONTENT: &[u8] = b"0123456789abcdefghij";

fn scripted() -> (World, FileSystem) {
    let world = World::new();
    let transport = Arc::clone(&world.transport) as Arc<dyn Transport>;
    let files = file_system(&world, transport);
    (world, files)
}

/// The `offset` and `length` that a request asks for.
fn range(request: &http::Request<bytes::Bytes>) -> (usize, usize) {
    let number = |key: &str| {
        let query = request.uri().query().unwrap_or_default();
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == key)?;
        value.parse().ok()
    };
    let offset = number("offset").expect("an offset");
    (offset, number("length").unwrap_or(CONTENT.len() - offset))
}

/// Serves `CONTENT`, but every connection breaks after so many bytes.
fn breaking(after: usize) -> impl FnMut(&http::Request<bytes::Bytes>) -> Reply + Send {
    move |request| {
        if !request.uri().to_string().contains("op=OPEN") {
            return json(200, r#"{"FileStatus":{"type":"FILE","length":20}}"#).into();
        }
        let (offset, length) = range(request);
        let bytes = &CONTENT[offset..(offset + length).min(CONTENT.len())];
        if bytes.len() <= after {
            return response(200, &[], bytes.to_vec()).into();
        }
        Reply::Broken(response(200, &[], bytes.to_vec()), after)
    }
}

#[test]
fn a_broken_connection_is_resumed_where_it_broke() {
    for after in 1..=CONTENT.len() {
        let (world, files) = scripted();
        world.transport.always(breaking(after));
        let whole = block_on(files.read(&path("/f"))).unwrap();
        assert_eq!(whole, CONTENT, "{after}");
        let part = block_on(files.read_range(&path("/f"), 3, 15)).unwrap();
        assert_eq!(part, CONTENT[3..18], "{after}");
        let streamed = block_on(async {
            let mut text = Vec::new();
            let options = ReadOptions::default().with_read_ahead(7);
            let mut file = files.open_opts(&path("/f"), options).await.unwrap();
            file.read_to_end(&mut text).await.unwrap();
            text
        });
        assert_eq!(streamed, CONTENT, "{after}");
        let offsets: Vec<_> = world
            .transport
            .requests()
            .iter()
            .map(|r| r.uri().to_string())
            .collect();
        if after == 8 {
            let asked = |offset: &str| offsets.iter().any(|uri| uri.contains(offset));
            assert!(asked("offset=8&") && asked("offset=16&"));
        }
    }
}

#[test]
fn all_requests_of_a_reader_are_one_session() {
    let (world, files) = scripted();
    world.transport.always(breaking(6));
    block_on(async {
        let mut text = Vec::new();
        let mut file = files.open(&path("/f")).await.unwrap();
        file.read_to_end(&mut text).await.unwrap();
        file.seek(SeekFrom::Start(0)).await.unwrap();
        file.read_to_end(&mut text).await.unwrap();
    });
    let requests = world.transport.requests();
    let session = |request: &http::Request<bytes::Bytes>| {
        let query = request.uri().query().unwrap_or_default();
        let id = query
            .split('&')
            .find_map(|pair| pair.strip_prefix("filesessionid="));
        id.map(str::to_owned)
    };
    let mut sessions: Vec<_> = requests.iter().filter_map(session).collect();
    assert!(sessions.len() > 6, "{sessions:?}");
    sessions.dedup();
    assert_eq!(sessions.len(), 1);
}

#[test]
fn a_connection_that_never_gives_a_byte_is_given_up() {
    let (world, files) = scripted();
    world.transport.always(breaking(0));
    let error = block_on(files.read(&path("/f"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transient);
    assert_eq!(world.transport.requests().len(), 6);
}

#[test]
fn a_range_that_comes_in_parts_is_asked_for_until_it_is_whole() {
    let (world, files) = scripted();
    world.transport.always(|request| {
        let (offset, length) = range(request);
        let end = (offset + length.min(4)).min(CONTENT.len());
        response(200, &[], CONTENT[offset.min(end)..end].to_vec()).into()
    });
    let part = block_on(files.read_range(&path("/f"), 5, 100)).unwrap();
    assert_eq!(part, CONTENT[5..]);
}

#[test]
fn a_server_that_sends_too_much_is_cut_short() {
    let (world, files) = scripted();
    world
        .transport
        .always(|_| response(200, &[], CONTENT).into());
    let part = block_on(files.read_range(&path("/f"), 0, 5)).unwrap();
    assert_eq!(part, CONTENT[..5]);
}

#[test]
fn ranges_end_where_the_file_ends() {
    let (files, store) = fresh();
    store.put("/f", CONTENT);
    let read = |offset, length| block_on(files.read_range(&path("/f"), offset, length)).unwrap();
    assert_eq!(read(0, 20), CONTENT);
    assert_eq!(read(15, 100), CONTENT[15..]);
    assert_eq!(read(20, 5), "");
    assert_eq!(read(21, 5), "");
    assert_eq!(read(u64::MAX, u64::MAX), "");
    let before = store.count();
    assert_eq!(read(3, 0), "");
    assert_eq!(store.count(), before, "nothing needs no request");
    let error = block_on(files.read(&path("/g"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[test]
fn a_reader_asks_for_a_little_and_then_for_the_rest() {
    let (files, store) = fresh();
    store.put("/f", CONTENT);
    let options = ReadOptions::default().with_read_ahead(4);
    block_on(async {
        let mut file = files.open_opts(&path("/f"), options).await.unwrap();
        assert_eq!(file.length(), 20);
        let mut text = String::new();
        file.read_to_string(&mut text).await.unwrap();
        assert_eq!(text.as_bytes(), CONTENT);
        file.seek(SeekFrom::Start(10)).await.unwrap();
        file.read_exact(&mut [0]).await.unwrap();
    });
    let expected = [
        "GETFILESTATUS /f",
        "OPEN /f offset=0 length=4",
        "OPEN /f offset=4 length=16",
        "OPEN /f offset=10 length=4",
    ];
    assert_eq!(store.log(), expected);
}

#[test]
fn a_reader_goes_wherever_it_is_told() {
    let (files, store) = fresh();
    store.put("/f", CONTENT);
    block_on(async {
        let options = ReadOptions::default().with_read_ahead(8);
        let mut file = files.open_opts(&path("/f"), options).await.unwrap();
        let mut two = [0; 2];
        // Each place as the standard library's cursor finds it.
        let mut model = std::io::Cursor::new(CONTENT);
        let places = [
            SeekFrom::Start(3),
            SeekFrom::Current(1),
            SeekFrom::Current(-4),
            SeekFrom::End(-2),
            SeekFrom::Start(0),
            SeekFrom::End(5),
            SeekFrom::Current(-6),
            SeekFrom::Current(0),
        ];
        for place in places {
            let expected = std::io::Seek::seek(&mut model, place).unwrap();
            assert_eq!(file.seek(place).await.unwrap(), expected, "{place:?}");
            let mut model_two = [0; 2];
            let n = std::io::Read::read(&mut model, &mut model_two).unwrap();
            let mut got = 0;
            while got < n {
                got += file.read(&mut two[got..n]).await.unwrap();
            }
            assert_eq!(two[..n], model_two[..n], "{place:?}");
            assert_eq!(file.position(), model.position());
        }
        assert!(file.seek(SeekFrom::End(-21)).await.is_err());
        assert!(file.seek(SeekFrom::Current(i64::MIN)).await.is_err());
    });
}

#[test]
fn a_short_step_forward_costs_no_request() {
    let (files, store) = fresh();
    store.put("/f", CONTENT);
    block_on(async {
        let mut file = files.open(&path("/f")).await.unwrap();
        let mut one = [0];
        file.read_exact(&mut one).await.unwrap();
        file.seek(SeekFrom::Start(15)).await.unwrap();
        file.read_exact(&mut one).await.unwrap();
        assert_eq!(one, [CONTENT[15]]);
    });
    assert_eq!(store.count(), 2);
}

#[test]
fn lines_can_be_read() {
    let (files, store) = fresh();
    store.put("/f", b"one\r\ntwo\nthree");
    let lines: Vec<String> = block_on(async {
        let file = files.open(&path("/f")).await.unwrap();
        futures::TryStreamExt::try_collect(file.lines())
            .await
            .unwrap()
    });
    assert_eq!(lines, ["one", "two", "three"]);
}

#[test]
fn a_file_that_shrinks_is_not_taken_for_a_whole_one() {
    let (files, store) = fresh();
    store.put("/f", CONTENT);
    block_on(async {
        let options = ReadOptions::default().with_read_ahead(4);
        let mut file = files.open_opts(&path("/f"), options).await.unwrap();
        let mut four = [0; 4];
        file.read_exact(&mut four).await.unwrap();
        store.put("/f", b"0123");
        let error = file.read_exact(&mut four).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
    });
}

#[test]
fn a_body_that_stands_still_counts_as_broken() {
    let (world, files) = scripted();
    let stalled = aad_core::transport::ResponseBody::stream(futures::stream::pending());
    let transport = Arc::new(Stalls(std::sync::Mutex::new(Some(stalled))));
    let files_over = file_system(&world, transport);
    let start = world.clock.now();
    assert_eq!(block_on(files_over.read(&path("/f"))).unwrap(), CONTENT);
    assert!(world.clock.now() - start >= std::time::Duration::from_secs(60));
    drop(files);
}

/// Answers the first request with a body that never comes.
#[derive(Debug)]
struct Stalls(std::sync::Mutex<Option<aad_core::transport::ResponseBody>>);

#[async_trait::async_trait]
impl Transport for Stalls {
    async fn send(
        &self,
        _: http::Request<bytes::Bytes>,
    ) -> Result<
        http::Response<aad_core::transport::ResponseBody>,
        aad_core::transport::TransportError,
    > {
        let stalled = self.0.lock().expect("no test panicked").take();
        let body = stalled.unwrap_or_else(|| aad_core::transport::ResponseBody::full(CONTENT));
        Ok(http::Response::new(body))
    }
}

#[test]
fn a_directory_is_no_file_to_read() {
    let (files, store) = fresh();
    store.mkdir("/d");
    let error = block_on(files.open(&path("/d"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Conflict);
}
