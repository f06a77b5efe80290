//! Waits on an open port for the answer to a sign-in.

use std::pin::pin;
use std::time::Duration;

use aad_core::{Context, Error, ErrorKind, Result};
use futures::StreamExt;
use futures::future::{Either, pending, select};
use futures::stream::FuturesUnordered;
use zeroize::Zeroizing;

use super::listen::{Connection, Listener};
use super::page::{self, DONE, LONGEST, MALFORMED, REFUSED, Request, UNKNOWN, page};
use crate::{AuthorizationCode, AuthorizationRequest};

/// Browsers open connections ahead of need, and need not have been asked to by the person.
const MOST_CONNECTIONS: usize = 32;

/// How long one connection may take to say what it wants, and again to read what it is told.
const PATIENCE: Duration = Duration::from_secs(10);

/// Waits until a browser brings the answer to this request; whatever else comes to the port is
/// told off and does not end the wait.
pub(super) async fn wait(
    context: &Context,
    mut listener: Box<dyn Listener>,
    request: &AuthorizationRequest,
) -> Result<AuthorizationCode> {
    let port = listener.port();
    let mut served = FuturesUnordered::new();
    loop {
        let (room, idle) = (served.len() < MOST_CONNECTIONS, served.is_empty());
        let accept = async {
            match room {
                true => listener.accept().await,
                false => pending().await,
            }
        };
        let next = async {
            match idle {
                true => pending().await,
                false => served.next().await.flatten(),
            }
        };
        let event = match select(pin!(next), pin!(accept)).await {
            Either::Left((answer, _)) => Either::Left(answer),
            Either::Right((accepted, _)) => Either::Right(accepted),
        };
        match event {
            Either::Left(None) => {}
            Either::Left(Some(answer)) => return answer,
            Either::Right(Ok(connection)) => {
                served.push(serve(context, connection, port, request));
            }
            Either::Right(Err(error)) => {
                let message = "the port for the browser's answer cannot be used any longer";
                return Err(Error::new(ErrorKind::Transient, message).with_source(error));
            }
        }
    }
}

/// Serves one connection; gives the answer if it brought it.
async fn serve(
    context: &Context,
    mut connection: Box<dyn Connection>,
    port: u16,
    request: &AuthorizationRequest,
) -> Option<Result<AuthorizationCode>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * LONGEST));
    let read = read(&mut *connection, &mut bytes, port);
    let understood = match select(pin!(read), context.sleep(PATIENCE)).await {
        Either::Left((understood, _)) => understood,
        Either::Right(_) => return None,
    };
    let answer = match understood {
        Request::Answer(fields) if request.is_answered_by(fields) => {
            Some(request.accept_fields(fields))
        }
        _ => None,
    };
    let page = match (&answer, understood) {
        (Some(Ok(_)), _) => page("200 OK", DONE),
        (Some(Err(_)), _) => page("200 OK", REFUSED),
        (None, Request::Answer(_)) => page("400 Bad Request", UNKNOWN),
        (None, Request::Other) => page("404 Not Found", UNKNOWN),
        (None, _) => page("400 Bad Request", MALFORMED),
    };
    // Whether or not the browser reads the page, the person has signed in.
    let shown = connection.finish(page.as_bytes());
    let _ = select(pin!(shown), context.sleep(PATIENCE)).await;
    answer
}

async fn read<'a>(
    connection: &mut dyn Connection,
    bytes: &'a mut Vec<u8>,
    port: u16,
) -> Request<'a> {
    let mut chunk = Zeroizing::new([0; 4 << 10]);
    // The capacity is there from the beginning, so that no copy of a code stays behind.
    while bytes.len() + chunk.len() <= bytes.capacity()
        && page::read(bytes, port) == Request::Partial
    {
        match connection.read(&mut *chunk).await {
            Ok(0) | Err(_) => break,
            Ok(count) => bytes.extend_from_slice(&chunk[..count]),
        }
    }
    page::read(bytes, port)
}
