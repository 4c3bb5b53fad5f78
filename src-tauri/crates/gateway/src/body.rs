//! Bodies of answers, bounded: however much is sent, no more than a mebibyte is ever held.

use reqwest::Response;
use zeroize::{Zeroize, Zeroizing};

/// The most bytes of an answer that are read.
pub(crate) const BODY_BYTES_MOST: usize = 1024 * 1024;

/// What came of a body. It may hold a token or a bank's page, so it is wiped and never printed.
pub(crate) enum Body {
    /// All of it.
    Whole(Zeroizing<Vec<u8>>),
    /// The connection ended before it did, or its length was not as stated.
    Cut,
    /// It is larger than [`BODY_BYTES_MOST`]; the rest was not read.
    TooLarge,
}

impl Body {
    /// Reads a body to its end or its bound. The caller sets the deadline.
    pub(crate) async fn read(mut response: Response) -> Self {
        let bound = u64::try_from(BODY_BYTES_MOST).unwrap_or(u64::MAX);
        let stated = response.content_length();
        if stated.is_some_and(|length| length > bound) {
            return Self::TooLarge;
        }
        let room = stated.and_then(|length| usize::try_from(length).ok()).unwrap_or(16 * 1024);
        let mut bytes = Zeroizing::new(Vec::with_capacity(room));
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    if bytes.len().saturating_add(chunk.len()) > BODY_BYTES_MOST {
                        return Self::TooLarge;
                    }
                    append(&mut bytes, &chunk);
                }
                Ok(None) => return Self::Whole(bytes),
                Err(_) => return Self::Cut,
            }
        }
    }

    /// The bytes, when all of them came.
    pub(crate) fn whole(&self) -> Option<&[u8]> {
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
fn append(bytes: &mut Zeroizing<Vec<u8>>, chunk: &[u8]) {
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
        let mut body = Body::Whole(Zeroizing::new(b"a token-1234 b token-1234".to_vec()));
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
}
