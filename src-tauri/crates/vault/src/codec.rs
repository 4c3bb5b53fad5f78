//! A list of byte strings as one: no escapes and no scratch copies that nobody wipes.

use zeroize::Zeroizing;

/// Each part with its length before it.
pub(crate) fn pack(parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    // The whole size at once: a buffer that grows leaves copies behind.
    let size = parts.iter().map(|part| part.len() + 4).sum();
    let mut packed = Zeroizing::new(Vec::with_capacity(size));
    for part in parts {
        packed.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_le_bytes());
        packed.extend_from_slice(part);
    }
    packed
}

/// The parts again, or nothing when the bytes were not packed by [`pack`].
pub(crate) fn unpack(mut packed: &[u8]) -> Option<Vec<&[u8]>> {
    let mut parts = Vec::new();
    while !packed.is_empty() {
        let (length, rest) = packed.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (part, rest) = rest.split_at_checked(length)?;
        parts.push(part);
        packed = rest;
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::{pack, unpack};

    #[test]
    fn parts_come_back_and_anything_else_does_not() {
        let packed = pack(&[b"a", b"", b"long\0er"]);
        assert_eq!(unpack(&packed).unwrap(), [b"a".as_slice(), b"", b"long\0er"]);
        assert_eq!(unpack(&[]).unwrap(), Vec::<&[u8]>::new());
        for end in [1, 3, 4, packed.len() - 1] {
            assert_eq!(unpack(&packed[..end]), None, "{end}");
        }
        assert_eq!(unpack(&[255, 255, 255, 255, 1]), None);
    }
}
