//! The chain of keyed hashes over the events: pure.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::keys::ChainKey;

/// A link of the chain.
pub type Hash = [u8; 32];

/// What stands before the first event.
pub const GENESIS: Hash = [0; 32];

/// Tells a hash over an event from any other use of the key.
const EVENT_DOMAIN: &[u8] = b"vezne journal event 1";
/// Tells a name's commitment from any other use of the key.
const NAME_DOMAIN: &[u8] = b"vezne journal name 1";

/// Everything of an event that its hash covers: all its columns but the hash itself.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    /// The event's id.
    pub event: &'a str,
    /// The desk.
    pub desk: &'a str,
    /// The desk's epoch.
    pub epoch: i64,
    /// The number in the desk's chain.
    pub seq: i64,
    /// When it was written, in milliseconds since 1970.
    pub at_ms: i64,
    /// The word of the record's kind.
    pub kind: &'a str,
    /// The payment that it is filed under.
    pub payment: Option<&'a str>,
    /// The attempt that it is filed under.
    pub attempt: Option<&'a str>,
    /// The reversal that it is filed under.
    pub reversal: Option<&'a str>,
    /// The record as JSON.
    pub body: &'a str,
    /// The commitments to names as JSON.
    pub names: &'a str,
    /// The key that the hash is made with.
    pub key_id: &'a str,
    /// The hash of the event before.
    pub previous: &'a [u8],
}

/// HMAC-SHA256 over fields, each with its length before it, so that no two lists of fields give the same bytes.
struct Fields(Hmac<Sha256>);

impl Fields {
    fn new(key: &ChainKey, domain: &[u8]) -> Self {
        // HMAC takes a key of its block size as it is, so the 32 secret bytes are padded here instead of being handed to
        // the constructor for keys of any length, which returns an error that can't happen.
        let mut block = zeroize::Zeroizing::new([0_u8; 64]);
        for (place, byte) in block.iter_mut().zip(key.expose()) {
            *place = *byte;
        }
        let mut fields = Self(<Hmac<Sha256> as hmac::digest::KeyInit>::new((&*block).into()));
        fields.bytes(domain);
        fields
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.update(bytes);
    }

    fn number(&mut self, number: i64) {
        self.bytes(&number.to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// An absent field is not an empty one.
    fn maybe(&mut self, text: Option<&str>) {
        match text {
            None => self.0.update(&[0]),
            Some(text) => {
                self.0.update(&[1]);
                self.text(text);
            }
        }
    }

    fn finish(self) -> Hash {
        self.0.finalize().into_bytes().into()
    }
}

impl Link<'_> {
    /// The keyed hash of this event over the one before.
    #[must_use]
    pub fn hash(&self, key: &ChainKey) -> Hash {
        let mut fields = Fields::new(key, EVENT_DOMAIN);
        fields.text(self.event);
        fields.text(self.desk);
        fields.number(self.epoch);
        fields.number(self.seq);
        fields.number(self.at_ms);
        fields.text(self.kind);
        fields.maybe(self.payment);
        fields.maybe(self.attempt);
        fields.maybe(self.reversal);
        fields.text(self.body);
        fields.text(self.names);
        fields.text(self.key_id);
        fields.bytes(self.previous);
        fields.finish()
    }
}

/// The salted keyed commitment to a name that its event holds.
#[must_use]
pub fn commitment(key: &ChainKey, name_id: &str, salt: &[u8], name: &str) -> Hash {
    let mut fields = Fields::new(key, NAME_DOMAIN);
    fields.text(name_id);
    fields.bytes(salt);
    fields.text(name);
    fields.finish()
}

/// Whether two hashes are equal, in the same time whatever they are.
#[must_use]
pub fn same(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}

/// Small hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(if half < 10 { b'0' } else { b'a' - 10 }.saturating_add(half));
    let mut text = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        text.push(digit(byte >> 4));
        text.push(digit(byte & 15));
    }
    text
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn link<'a>() -> Link<'a> {
        Link {
            event: "evt_1",
            desk: "dsk_1",
            epoch: 1,
            seq: 1,
            at_ms: 1,
            kind: "attempt",
            payment: Some("pay_1"),
            attempt: Some("att_1"),
            reversal: None,
            body: "{}",
            names: "[]",
            key_id: "k",
            previous: &GENESIS,
        }
    }

    fn key(byte: u8) -> ChainKey {
        ChainKey::new("k", Zeroizing::new([byte; 32]))
    }

    #[test]
    fn every_field_counts_and_none_runs_into_its_neighbour() {
        let others = [
            Link { event: "evt_2", ..link() },
            Link { desk: "dsk_2", ..link() },
            Link { epoch: 2, ..link() },
            Link { seq: 2, ..link() },
            Link { at_ms: 2, ..link() },
            Link { kind: "reversal", ..link() },
            Link { payment: None, ..link() },
            Link { payment: Some(""), ..link() },
            Link { attempt: None, ..link() },
            Link { reversal: Some(""), ..link() },
            Link { payment: None, reversal: Some("pay_1"), ..link() },
            Link { body: "{}[", names: "]", ..link() },
            Link { body: "", names: "{}[]", ..link() },
            Link { key_id: "l", ..link() },
            Link { previous: &[1; 32], ..link() },
            Link { event: "evt_1d", desk: "sk_1", ..link() },
        ];
        let mut hashes: Vec<Hash> = others.iter().map(|other| other.hash(&key(1))).collect();
        hashes.push(link().hash(&key(1)));
        hashes.push(link().hash(&key(2)));
        hashes.push(commitment(&key(1), "nam_1", b"salt", "AYŞE"));
        hashes.push(commitment(&key(1), "nam_1", b"salt", "AYSE"));
        hashes.push(commitment(&key(1), "nam_1", b"sal2", "AYŞE"));
        let count = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), count);
    }

    #[test]
    fn the_hash_is_the_hmac_of_rfc_2104_over_length_prefixed_fields() {
        // Written out by hand: a change of the encoding would make every journal unverifiable.
        let mut bytes: Vec<u8> = Vec::new();
        let mut put = |field: &[u8]| {
            bytes.extend(u64::try_from(field.len()).unwrap().to_be_bytes());
            bytes.extend(field);
        };
        put(NAME_DOMAIN);
        put(b"nam_1");
        put(b"salt");
        put("AYŞE".as_bytes());
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&[1; 32]).unwrap();
        mac.update(&bytes);
        let expected: Hash = mac.finalize().into_bytes().into();
        assert_eq!(commitment(&key(1), "nam_1", b"salt", "AYŞE"), expected);
    }
}
