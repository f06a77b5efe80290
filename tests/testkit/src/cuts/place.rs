//! The places where a connection breaks.

use super::line::Exchange;

/// A body of at most so many bytes is cut at every one of them.
const SHORT: usize = 24;

/// In a longer one, these are the edges where buffers and pieces may end.
const EDGES: [usize; 4] = [64, 1 << 10, 4 << 10, 1 << 20];

/// Which request is cut, counted from 0, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Its number.
    pub request: usize,
    /// Where it is cut.
    pub place: Place,
}

impl Cut {
    /// The cuts of a request that leave its bodies whole.
    pub(super) fn whole(request: usize) -> impl Iterator<Item = Self> {
        let places = [Place::RequestLost, Place::ReplyLost];
        places.into_iter().map(move |place| Self { request, place })
    }
}

/// Where the connection of one request breaks. The client learns only that it broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// There is no connection; the client knows that nothing was sent.
    NotSent,
    /// On the way there. The service never hears of it.
    RequestLost,
    /// After so many bytes of the request's body. The service hears the beginning.
    RequestCut(usize),
    /// On the way back. The service carried it out.
    ReplyLost,
    /// After the head and so many bytes of the body of the reply.
    ReplyCut(usize),
}

/// Every place of one exchange.
pub(super) fn places(exchange: &Exchange) -> impl Iterator<Item = Place> + use<> {
    let request = Some(exchange.request).filter(|length| *length > 0);
    let request = request.into_iter().flat_map(boundaries);
    let reply = boundaries(exchange.reply);
    [Place::NotSent, Place::RequestLost, Place::ReplyLost]
        .into_iter()
        .chain(request.map(Place::RequestCut))
        .chain(reply.map(Place::ReplyCut))
}

/// Where a body of this length is cut: at every byte of a short one; at the ends, in the middle
/// and around likely edges of a longer one. At its end, too: the bytes are all there, but who
/// reads them does not hear that they are.
pub fn boundaries(length: usize) -> impl Iterator<Item = usize> {
    let mut places: Vec<usize> = if length <= SHORT {
        (0..=length).collect()
    } else {
        let edges = EDGES
            .into_iter()
            .flat_map(|edge| [edge - 1, edge, edge + 1]);
        let ends = [0, 1, length / 2, length - 1, length];
        edges.chain(ends).filter(|at| *at <= length).collect()
    };
    places.sort_unstable();
    places.dedup();
    places.into_iter()
}
