//! How far a journal went, as the text of the marker beside it: a hint by which a restored older file is noticed.

use sha2::{Digest, Sha256};

use crate::chain::hex;
use crate::event::Event;

const TITLE: &str = "vezne journal head 1";

/// The newest event that was ever committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The desk.
    pub desk: String,
    /// The epoch.
    pub epoch: i64,
    /// The event's number.
    pub seq: i64,
    /// Its hash, in hexadecimal digits.
    pub hash: String,
}

impl Head {
    /// The head of a journal whose newest event this is.
    #[must_use]
    pub fn of(event: &Event) -> Self {
        Self { desk: event.desk_id.clone(), epoch: event.epoch, seq: event.seq, hash: hex(&event.hash) }
    }

    /// Always as long, so that writing over the last one leaves nothing of it.
    fn line(&self) -> String {
        format!("{TITLE}\n{}\n{:019}\n{:019}\n{}\n", self.desk, self.epoch, self.seq, self.hash)
    }

    /// The marker's text. It ends with a hash of itself, so that a torn one is none.
    #[must_use]
    pub fn text(&self) -> String {
        let line = self.line();
        let check = hex(&Sha256::digest(line.as_bytes()));
        format!("{line}{check}\n")
    }

    /// Reads such a text; `None` for one cut off by a crash, and for any other.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != TITLE {
            return None;
        }
        let head = Self {
            desk: lines.next()?.to_owned(),
            epoch: lines.next()?.parse().ok()?,
            seq: lines.next()?.parse().ok()?,
            hash: lines.next()?.to_owned(),
        };
        (head.text() == text).then_some(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_back_and_a_torn_or_changed_one_is_none() {
        let head = Head { desk: "dsk_1".to_owned(), epoch: 1, seq: 7, hash: "ab".repeat(32) };
        let text = head.text();
        assert_eq!(Head::parse(&text), Some(head));
        assert_eq!(Head::parse(&text.replace("07\n", "08\n")), None);
        for end in 0..text.len() {
            assert_eq!(Head::parse(&text[..end]), None);
        }
    }
}
