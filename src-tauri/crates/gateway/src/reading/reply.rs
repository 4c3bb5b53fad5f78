//! An answer's head, read: which status the contract tells apart, and how long the gateway wants to be left alone.

use vezne_core::time::{Millis, Timestamp};

use super::answered::{Answered, Body};

/// An answer whose head has been read.
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: Status,
    /// `Retry-After`, or what the rate-limit headers say instead.
    pub(crate) retry_after: Option<Millis>,
    /// The body.
    pub(crate) body: Body,
}

impl Reply {
    /// The answer to a call that moves money.
    pub(crate) fn to_order(answered: Answered, now: Timestamp) -> Self {
        let status = Status::of(answered.status);
        Self { status, retry_after: wait_said(&answered, status, now), body: answered.body }
    }

    /// The answer to a question, which changes nothing.
    pub(crate) fn to_question(answered: Answered, now: Timestamp) -> Self {
        let mut reply = Self::to_order(answered, now);
        if reply.status == Status::Other(201) {
            // "Created" is how some servers answer any POST; for a question it makes no difference.
            reply.status = Status::Ok;
        }
        reply
    }

    /// 401, and 407 where the token travels in a proxy's header.
    pub(crate) const fn turned_away(&self) -> bool {
        matches!(self.status, Status::Unauthorised | Status::Other(407))
    }
}

/// The HTTP statuses that the contract tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// 200.
    Ok,
    /// 400 and 422.
    BadRequest,
    /// 401.
    Unauthorised,
    /// 402.
    PaymentRequired,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 429.
    TooMany,
    /// 5xx.
    Server(u16),
    /// Any other.
    Other(u16),
}

impl Status {
    pub(crate) const fn of(code: u16) -> Self {
        match code {
            200 => Self::Ok,
            400 | 422 => Self::BadRequest,
            401 => Self::Unauthorised,
            402 => Self::PaymentRequired,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            429 => Self::TooMany,
            500..=599 => Self::Server(code),
            _ => Self::Other(code),
        }
    }
}

/// How long the gateway wants to be left alone: `Retry-After` in seconds or as a date; else, when it says that no call
/// remains, the time to the reset (`X-RateLimit-Remaining`/`-Reset`, or `RateLimit` with `r` and `t`).
fn wait_said(answered: &Answered, status: Status, now: Timestamp) -> Option<Millis> {
    let asked = matches!(status, Status::TooMany | Status::Server(503));
    let retry_after = answered.header("retry-after").filter(|_| asked);
    if let Some(wait) = retry_after.and_then(|said| seconds_or_date(said, now)) {
        return Some(wait);
    }
    if answered.header("x-ratelimit-remaining").is_some_and(|left| left == "0") {
        return answered.header("x-ratelimit-reset").and_then(|said| reset(said, now));
    }
    let limit = answered.header("ratelimit")?;
    let part = |name: &str| {
        limit.split([',', ';']).filter_map(|part| part.split_once('=')).find(|(key, _)| key.trim() == name)
    };
    let left = part("r").or_else(|| part("remaining"))?.1.trim();
    let reset_in = part("t").or_else(|| part("reset"))?.1.trim();
    (left == "0").then(|| reset_in.parse().ok().map(Millis::seconds)).flatten()
}

fn seconds_or_date(said: &str, now: Timestamp) -> Option<Millis> {
    if let Ok(seconds) = said.parse() {
        return Some(Millis::seconds(seconds));
    }
    let date = jiff::fmt::rfc2822::parse(said).ok()?;
    Some(Timestamp::from(date.timestamp()).since(now))
}

/// A reset is written as seconds from now, or as a moment in seconds or milliseconds since 1970; their size tells them apart.
fn reset(said: &str, now: Timestamp) -> Option<Millis> {
    const MOMENT: i64 = 1_000_000_000;
    const MOMENT_IN_MILLIS: i64 = 100_000_000_000;
    let number: i64 = said.parse().ok()?;
    if number < MOMENT {
        return u64::try_from(number).ok().map(Millis::seconds);
    }
    let moment = if number < MOMENT_IN_MILLIS { number.saturating_mul(1_000) } else { number };
    Some(Timestamp::from_millis(moment).since(now))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(pairs: &[(&'static str, &'static str)], status: u16) -> Option<Millis> {
        let mut answered = Answered::new(status, "");
        answered.headers = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Reply::to_order(answered, Timestamp::from_millis(1_445_412_420_000)).retry_after
    }

    #[test]
    fn every_way_of_saying_wait_is_understood() {
        assert_eq!(waits(&[("Retry-After", "7")], 429), Some(Millis::seconds(7)));
        assert_eq!(waits(&[("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")], 429), Some(Millis::seconds(60)));
        assert_eq!(waits(&[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "9")], 200), Some(Millis::seconds(9)));
        for moment in ["1445412425", "1445412425000"] {
            let moment = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", moment)];
            assert_eq!(waits(&moment, 200), Some(Millis::seconds(5)));
        }
        assert_eq!(waits(&[("ratelimit", "\"default\";r=0;t=12")], 200), Some(Millis::seconds(12)));
        assert_eq!(waits(&[("ratelimit", "limit=10, remaining=0, reset=3")], 200), Some(Millis::seconds(3)));
    }

    #[test]
    fn who_is_not_told_to_wait_does_not() {
        assert_eq!(waits(&[], 429), None);
        assert_eq!(waits(&[("retry-after", "soon")], 429), None);
        assert_eq!(waits(&[("retry-after", "7")], 200), None);
        assert_eq!(waits(&[("x-ratelimit-remaining", "3"), ("x-ratelimit-reset", "9")], 200), None);
        assert_eq!(waits(&[("ratelimit", "\"default\";r=2;t=12")], 200), None);
    }

    #[test]
    fn only_two_hundred_is_a_plain_yes() {
        for code in [201, 204, 301, 302, 307, 408, 409, 418] {
            assert_eq!(Status::of(code), Status::Other(code));
        }
        assert_eq!((Status::of(400), Status::of(422)), (Status::BadRequest, Status::BadRequest));
    }
}
