//! An input as an exchange with a gateway: its first line is the status (or what kind of silence it was) and the headers
//! with `;` between them, the rest the body.

use vezne_gateway::reading::{Answered, Body, Exchange, Silence};

/// Words of every answer's first line.
pub const HEADS: [&str; 16] = [
    "200\n",
    "201\n",
    "302\n",
    "400\n",
    "401\n",
    "402\n",
    "403\n",
    "404\n",
    "422\n",
    "429;retry-after: 7\n",
    "500\n",
    "503;retry-after: Wed, 21 Oct 2015 07:28:00 GMT\n",
    "lost\n",
    "timed-out\n",
    "not-sent\n",
    "cut 200\n",
];

/// What the input says came back.
#[derive(Debug, Clone, Copy)]
pub struct Parts<'a> {
    /// The HTTP status; `None` for silence.
    pub status: Option<u16>,
    /// Whether the body came whole.
    pub whole: bool,
    /// Whether certainly no byte of the request left.
    pub not_sent: bool,
    /// The first line.
    head: &'a str,
    /// The body.
    pub body: &'a [u8],
}

/// Takes an input apart; what has no first line is a body with status 200.
#[must_use]
pub fn parts(data: &[u8]) -> Parts<'_> {
    let end = data.iter().position(|byte| *byte == b'\n');
    let cut = end.and_then(|end| data.split_at_checked(end));
    let head = cut.and_then(|(head, _)| std::str::from_utf8(head).ok());
    let known = |head: &str| {
        let first = head.split(';').next().unwrap_or_default();
        first.starts_with("cut ") || matches!(first, "lost" | "timed-out" | "not-sent") || first.parse::<u16>().is_ok()
    };
    let (Some(head), Some((_, rest))) = (head.filter(|head| known(head)), cut) else {
        return Parts { status: Some(200), whole: true, not_sent: false, head: "200", body: data };
    };
    let first = head.split(';').next().unwrap_or_default();
    let status = first.strip_prefix("cut ").unwrap_or(first).parse().ok();
    let body = rest.get(1..).unwrap_or_default();
    Parts { status, whole: !first.starts_with("cut "), not_sent: first == "not-sent", head, body }
}

impl Parts<'_> {
    /// The exchange itself.
    ///
    /// # Errors
    /// Silence.
    pub fn exchange(&self) -> Exchange {
        let Some(status) = self.status else {
            return Err(match self.head.split(';').next() {
                Some("not-sent") => Silence::NotSent,
                Some("timed-out") => Silence::TimedOut,
                Some(_) | None => Silence::Lost,
            });
        };
        let headers = self.head.split(';').skip(1).filter_map(|header| header.split_once(':'));
        Ok(Answered {
            status,
            headers: headers.map(|(name, value)| (name.trim().to_owned(), value.to_owned())).collect(),
            body: if self.whole { Body::of(self.body.to_vec()) } else { Body::Cut },
        })
    }

    /// Whether it is an answer with this status whose body came whole.
    #[must_use]
    pub fn is(&self, status: u16) -> bool {
        self.whole && self.status == Some(status)
    }

    /// Whether it is an answer with one of these statuses whose body came whole.
    #[must_use]
    pub fn is_one_of(&self, statuses: &[u16]) -> bool {
        self.whole && self.status.is_some_and(|status| statuses.contains(&status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_taken_apart() {
        let read = parts(b"429;retry-after: 7\n{}");
        assert!(read.is(429) && read.body == b"{}");
        assert_eq!(read.exchange().unwrap().headers, [("retry-after".to_owned(), " 7".to_owned())]);
        assert!(parts(b"{}").is(200));
        assert!(parts(b"{\n}").is(200));
        assert_eq!(parts(b"lost\n").exchange().err(), Some(Silence::Lost));
        assert!(!parts(b"cut 200\n{").is(200));
    }
}
