//! A pretended token service, the same for both sides: it answers after a while, without a socket.

use std::fmt;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// As long as a token of an application is.
const TOKEN_LENGTH: usize = 1500;

pub struct TokenService {
    answer: Mutex<Answer>,
    latency: Mutex<Duration>,
    requests: AtomicUsize,
    /// Whoever holds it keeps the service from answering.
    pub hold: tokio::sync::Mutex<()>,
}

#[derive(Clone, Copy)]
pub enum Answer {
    /// A token of so many seconds.
    Token(u32),
    /// The secret is wrong.
    Refusal,
    /// It cannot be reached.
    Down,
}

impl TokenService {
    pub fn new(answer: Answer, latency: Duration) -> Self {
        Self {
            answer: Mutex::new(answer),
            latency: Mutex::new(latency),
            requests: AtomicUsize::new(0),
            hold: tokio::sync::Mutex::default(),
        }
    }

    pub fn will(&self, answer: Answer, latency: Duration) {
        *self.answer.lock().expect("nothing panics under this lock") = answer;
        *self.latency.lock().expect("nothing panics under this lock") = latency;
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// Status and body of a response, or nothing if there is none.
    pub async fn respond(&self) -> Option<(u16, String)> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let answer = *self.answer.lock().expect("nothing panics under this lock");
        let latency = *self.latency.lock().expect("nothing panics under this lock");
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        drop(self.hold.lock().await);
        match answer {
            Answer::Token(life) => {
                let token = format!("{number:0TOKEN_LENGTH$}");
                let body = format!(
                    r#"{{"token_type":"Bearer","expires_in":{life},"access_token":"{token}"}}"#
                );
                Some((200, body))
            }
            Answer::Refusal => {
                let body = r#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret"}"#;
                Some((401, body.to_owned()))
            }
            Answer::Down => None,
        }
    }
}

impl fmt::Debug for TokenService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenService")
    }
}
