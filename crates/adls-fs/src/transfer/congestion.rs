//! How many requests at once a service bears, found out by trying. Numbers only: who waits is the
//! gate.

/// The limit on requests in flight: it grows while all goes well, and is halved when the service
/// turns a request away.
///
/// Until the first refusal it doubles with every round of requests, then it grows by one a round:
/// the rule that keeps many senders on one line fair to each other and the line full (TCP's).
#[derive(Clone, Debug)]
pub(crate) struct Congestion {
    limit: f64,
    most: f64,
    doubling: bool,
    /// How many requests were begun.
    begun: u64,
    /// Who began before this has met the limit as it was; its refusal says nothing of the new one.
    reduced_at: u64,
}

/// When a request was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Begun(u64);

impl Congestion {
    /// Begins with `start` and never exceeds `most`.
    pub(crate) fn new(start: usize, most: usize) -> Self {
        let most = number(most.max(1));
        Self {
            limit: number(start).clamp(1.0, most),
            most,
            doubling: true,
            begun: 0,
            reduced_at: 0,
        }
    }

    /// How many requests may be in flight.
    pub(crate) fn limit(&self) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it lies between 1 and a usize"
        )]
        let limit = self.limit as usize;
        limit
    }

    /// A request begins.
    pub(crate) fn begin(&mut self) -> Begun {
        self.begun += 1;
        Begun(self.begun)
    }

    /// A request was answered while so many were in flight, itself among them. A limit that nobody
    /// reaches has not been tried and does not grow.
    pub(crate) fn answered(&mut self, in_flight: usize) {
        if in_flight < self.limit() {
            return;
        }
        let growth = if self.doubling { 1.0 } else { 1.0 / self.limit };
        self.limit = (self.limit + growth).min(self.most);
    }

    /// The service turned a request away. Of all that were in flight together, one counts.
    pub(crate) fn turned_away(&mut self, request: Begun) {
        if request.0 <= self.reduced_at {
            return;
        }
        self.limit = (self.limit / 2.0).max(1.0);
        self.doubling = false;
        self.reduced_at = self.begun;
    }
}

fn number(amount: usize) -> f64 {
    f64::from(u32::try_from(amount).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounds of as many requests as there may be, at a service that bears so many a round.
    fn rounds(congestion: &mut Congestion, bears: usize, rounds: usize) -> Vec<usize> {
        let round = |_| {
            let limit = congestion.limit();
            let requests: Vec<_> = (0..limit).map(|_| congestion.begin()).collect();
            for (n, request) in requests.into_iter().enumerate() {
                if n < bears {
                    // There are always as many in flight as there may be.
                    let in_flight = congestion.limit();
                    congestion.answered(in_flight);
                } else {
                    congestion.turned_away(request);
                }
            }
            limit
        };
        (0..rounds).map(round).collect()
    }

    #[test]
    fn it_doubles_until_the_first_refusal_and_then_feels_its_way() {
        let limits = rounds(&mut Congestion::new(4, 1000), 40, 12);
        assert_eq!(limits[..5], [4, 8, 16, 32, 64]);
        assert!(limits[5..].iter().all(|limit| (20..=52).contains(limit)));
        assert!(limits[5..].windows(2).any(|pair| pair[1] > pair[0]));
    }

    #[test]
    fn it_stays_near_what_the_service_bears_and_follows_it_down_and_up() {
        let mut congestion = Congestion::new(8, 512);
        for bears in [100, 10, 60] {
            let limits = rounds(&mut congestion, bears, 400);
            let settled = &limits[200..];
            let mean = settled.iter().sum::<usize>() / settled.len();
            assert!(
                settled.iter().all(|limit| *limit <= bears + 1),
                "{bears}: {settled:?}"
            );
            assert!(mean * 10 >= bears * 7, "{bears}: {mean}");
        }
    }

    #[test]
    fn one_round_halves_it_once_however_many_are_turned_away() {
        let mut congestion = Congestion::new(64, 64);
        rounds(&mut congestion, 0, 1);
        assert_eq!(congestion.limit(), 32);
        rounds(&mut congestion, 0, 10);
        assert_eq!(congestion.limit(), 1, "one is always tried");
    }

    #[test]
    fn what_was_not_tried_does_not_grow_and_nothing_exceeds_the_most() {
        let mut congestion = Congestion::new(8, 10);
        for _ in 0..100 {
            congestion.begin();
            congestion.answered(3);
        }
        assert_eq!(congestion.limit(), 8);
        rounds(&mut congestion, usize::MAX, 5);
        assert_eq!(congestion.limit(), 10);
    }
}
