//! What comes back over HTTP, or does not, before anybody has read it.

use zeroize::{Zeroize, Zeroizing};

/// The most bytes of an answer that are read: a mebibyte.
pub const BODY_BYTES_MOST: usize = 1024 * 1024;

/// What a call came back with: an answer, or silence.
pub type Exchange = Result<Answered, Silence>;

/// An answer as it came off the wire. Debug output shows its status only: the rest may hold a token or a bank's page.
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// Header names and values; names in any case. Only [`HEADERS_READ`] are looked at.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

impl Answered {
    /// An answer without headers whose body came whole.
    #[must_use]
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: Body::of(body.into()) }
    }

    /// The first header of that name, if it is there.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

impl std::fmt::Debug for Answered {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Answered({})", self.status)
    }
}

/// The headers that are read at all: how long the gateway wants to be left alone.
pub const HEADERS_READ: [&str; 4] = ["retry-after", "x-ratelimit-remaining", "x-ratelimit-reset", "ratelimit"];

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// Name lookup, connect or TLS failed: certainly no byte of the request left.
    NotSent,
    /// The deadline passed; the request may have arrived.
    TimedOut,
    /// The connection broke before the answer's head was there; the request may have arrived.
    Lost,
}

/// What came of a body. It may hold a token or a bank's page, so it is wiped and never printed.
pub enum Body {
    /// All of it; at most [`BODY_BYTES_MOST`].
    Whole(Zeroizing<Vec<u8>>),
    /// The connection ended before it did, or its length was not as stated.
    Cut,
    /// It is larger than [`BODY_BYTES_MOST`]; the rest was not read.
    TooLarge,
}

impl Body {
    /// A body that came whole, unless it is larger than is ever read.
    #[must_use]
    pub fn of(bytes: Vec<u8>) -> Self {
        let bytes = Zeroizing::new(bytes);
        if bytes.len() > BODY_BYTES_MOST { Self::TooLarge } else { Self::Whole(bytes) }
    }

    /// The bytes, when all of them came.
    #[must_use]
    pub fn whole(&self) -> Option<&[u8]> {
        match self {
            Self::Whole(bytes) => Some(bytes),
            Self::Cut | Self::TooLarge => None,
        }
    }

    /// Blots out every occurrence of a secret that we sent: a gateway that repeats our request in its error must not
    /// bring a token onto the screen or into the journal.
    pub(crate) fn blot(&mut self, secret: &str) {
        const SHORTEST: usize = 8;
        let Self::Whole(bytes) = self else { return };
        let secret = secret.as_bytes();
        if secret.len() < SHORTEST {
            return;
        }
        let mut from = 0_usize;
        while let Some(rest) = bytes.get_mut(from..) {
            let Some(at) = rest.windows(secret.len()).position(|window| window == secret) else { return };
            let end = at.saturating_add(secret.len());
            rest.get_mut(at..end).unwrap_or_default().fill(b'*');
            from = from.saturating_add(end);
        }
    }
}

/// Adds to the buffer; a growing buffer is moved by hand, so that what it leaves behind is wiped.
pub(crate) fn append(bytes: &mut Zeroizing<Vec<u8>>, chunk: &[u8]) {
    let needed = bytes.len().saturating_add(chunk.len());
    if needed > bytes.capacity() {
        let mut larger = Vec::with_capacity(needed.saturating_mul(2).min(BODY_BYTES_MOST.max(needed)));
        larger.extend_from_slice(bytes);
        bytes.zeroize();
        *bytes = Zeroizing::new(larger);
    }
    bytes.extend_from_slice(chunk);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_repetition_of_a_secret_is_blotted_out() {
        let mut body = Body::of(b"a token-1234 b token-1234".to_vec());
        body.blot("token-1234");
        assert_eq!(body.whole(), Some(&b"a ********** b **********"[..]));
    }

    #[test]
    fn a_growing_buffer_keeps_its_content() {
        let mut bytes = Zeroizing::new(Vec::with_capacity(2));
        for chunk in [&b"ab"[..], b"cde", b"", b"f"] {
            append(&mut bytes, chunk);
        }
        assert_eq!(bytes.as_slice(), b"abcdef");
    }

    #[test]
    fn a_body_is_whole_up_to_the_bound() {
        assert!(Body::of(vec![b' '; BODY_BYTES_MOST]).whole().is_some());
        assert!(Body::of(vec![b' '; BODY_BYTES_MOST + 1]).whole().is_none());
    }

    #[test]
    fn debug_output_shows_no_content() {
        assert_eq!(format!("{:?}", Answered::new(200, "secret")), "Answered(200)");
    }
}
