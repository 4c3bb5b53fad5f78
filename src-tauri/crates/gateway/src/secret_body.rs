//! Request bodies that hold secrets, written into one buffer that never moves and is wiped.

use std::io::{self, Write};

use serde::Serialize;
use zeroize::Zeroizing;

/// Writes JSON into a buffer of that many bytes. `None` when it does not fit: a buffer that grew would leave a copy of
/// the card behind that nothing wipes.
pub(crate) fn fixed_json(value: &impl Serialize, room: usize) -> Option<Zeroizing<Vec<u8>>> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(room));
    serde_json::to_writer(Fixed(&mut buffer), value).ok()?;
    Some(buffer)
}

struct Fixed<'a>(&'a mut Vec<u8>);

impl Write for Fixed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len().saturating_add(bytes.len()) > self.0.capacity() {
            return Err(io::ErrorKind::OutOfMemory.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_that_fits_never_moves_and_one_that_does_not_is_refused() {
        let body = fixed_json(&["abc"], 64).unwrap();
        assert_eq!((body.as_slice(), body.capacity()), (&b"[\"abc\"]"[..], 64));
        assert!(fixed_json(&["x".repeat(64)], 64).is_none());
    }
}
