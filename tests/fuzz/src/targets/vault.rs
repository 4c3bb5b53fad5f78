//! The vault's files: the sealed one, its marker, hashes of PINs, ids of keys.

use std::collections::BTreeMap;

use vezne_vault::fuzzing::{marker, seal, sealed, unpacked};
use vezne_vault::pin::PinHash;
use vezne_vault::{ChainKeySource, KeyId};

use crate::engine::Target;

/// The target.
pub(super) const TARGET: Target = Target { name: "vault", run, words: &WORDS, longest: 4 * 1024 };

const WORDS: [&str; 20] = [
    "VEZNESEAL\n",
    "\u{1}",
    "\u{0}\u{0}\u{1}\u{0}",
    "{\"version\":1,",
    "\"vault\":\"0123456789abcdef\"",
    "\"chain_keys\":[]",
    "\"key_id\":",
    "\"place\":\"keychain\"",
    "\"place\":\"sealed\"",
    "\"place\":\"environment\"",
    "\"place\":\"file\"",
    "$argon2id$",
    "v=19$",
    "m=64,t=1,p=1",
    "m=4294967295,t=4294967295,p=1",
    ",keyid=",
    "$c2FsdHNhbHQ",
    "$aGFzaGhhc2hoYXNoaGFzaA",
    "\u{4}\u{0}\u{0}\u{0}",
    "\u{ff}\u{ff}\u{ff}\u{ff}",
];

fn run(data: &[u8]) {
    if let Err(error) = sealed(data) {
        assert!(error.to_string().len() < 400, "{error}");
    }
    if let Some((parts, packed)) = unpacked(data) {
        assert_eq!(packed, data, "parts that are packed in two ways");
        assert!(parts.saturating_mul(4) <= data.len());
    }
    if let Ok(written) = marker(data) {
        assert_eq!(marker(written.as_bytes()).ok(), Some(written), "a marker that is written in another way");
    }
    let text = String::from_utf8_lossy(data);
    if let Ok(hash) = PinHash::parse(&text) {
        assert_eq!(hash.as_str(), text);
        let _key = hash.key_id();
    }
    if let Ok(id) = text.parse::<KeyId>() {
        assert_eq!(id.as_str().parse().ok(), Some(id));
    }
    let _place = serde_json::from_slice::<ChainKeySource>(data);
    // Sealing is slow beside the rest: one input in sixteen.
    if data.len().is_multiple_of(16) {
        sealed_again(data);
    }
}

/// What is sealed is read back, and a changed byte of it is noticed.
fn sealed_again(data: &[u8]) {
    let (name, secret) = data.split_at_checked(data.len() / 2).unwrap_or((data, &[]));
    let entries = BTreeMap::from([(String::from_utf8_lossy(name).into_owned(), secret.to_vec())]);
    let Ok(mut file) = seal(&entries) else { return };
    assert_eq!(sealed(&file).ok().as_ref(), Some(&entries), "what was sealed is not what is opened");
    let place = data.iter().map(|byte| usize::from(*byte)).sum::<usize>().checked_rem(file.len()).unwrap_or(0);
    if let Some(byte) = file.get_mut(place) {
        *byte ^= 0x20;
    }
    assert!(sealed(&file).is_err(), "byte {place} was changed, and nobody noticed");
}
