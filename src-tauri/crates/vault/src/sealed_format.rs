//! The sealed file, byte by byte: a header in the clear, then everything else under XChaCha20-Poly1305 with the header bound in.
//!
//! ```text
//! 0   10  "VEZNESEAL\n"
//! 10   1  format: 1
//! 11  12  Argon2id: memory in KiB, passes, lanes (each u32, little endian)
//! 23  16  salt
//! 39  32  check of the derived key
//! 71  24  nonce, fresh for every writing
//! 95   …  sealed entries with their tag
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::codec::{pack, unpack};
use crate::error::VaultError;
use crate::random;

const MAGIC: &[u8; 10] = b"VEZNESEAL\n";
const FORMAT: u8 = 1;
const HEADER_LENGTH: usize = 71;
const NONCE_LENGTH: usize = 24;

/// What a file may ask of this machine: without limits a changed header could eat its memory.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 32;
const MOST_LANES: u32 = 8;

/// The entries of a sealed file by name.
pub(crate) type Entries = BTreeMap<String, Zeroizing<Vec<u8>>>;

/// How much work it is to turn the passphrase into the file's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealCost {
    /// Working memory in KiB, 8 to 1048576.
    pub memory_kib: u32,
    /// Passes over it, 1 to 32.
    pub passes: u32,
    /// Independent lanes, 1 to 8.
    pub lanes: u32,
}

impl SealCost {
    /// For a desk: 64 MiB and three passes, about a fifth of a second.
    pub const DESK: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// For tests only: no protection worth the name.
    pub const CHEAP: Self = Self { memory_kib: 64, passes: 1, lanes: 1 };
}

/// What stands before the sealed part; new salt, new key.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Header {
    cost: SealCost,
    salt: [u8; 16],
}

/// The file's key with what proves it; derived once, kept while the vault is open.
#[derive(Clone)]
pub(crate) struct SealKey {
    header: Header,
    /// 32 bytes of key and 32 bytes of check, from one derivation.
    derived: Zeroizing<[u8; 64]>,
}

impl Header {
    pub(crate) fn fresh(cost: SealCost) -> Result<Self, VaultError> {
        let mut salt = [0; 16];
        random::fill(&mut salt)?;
        Ok(Self { cost, salt })
    }

    /// A header whose salt is known.
    #[cfg(feature = "fuzzing")]
    pub(crate) const fn with_salt(cost: SealCost, salt: [u8; 16]) -> Self {
        Self { cost, salt }
    }

    /// The header of a file's bytes.
    pub(crate) fn read(path: &Path, bytes: &[u8]) -> Result<Self, VaultError> {
        let damaged = |what| VaultError::Tampered { path: path.to_owned(), what };
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| damaged("not a sealed file"))?;
        let (&format, rest) = rest.split_first().ok_or_else(|| damaged("cut off"))?;
        match format {
            FORMAT => {}
            0 => return Err(damaged("no such format")),
            newer => return Err(VaultError::TooNew { path: path.to_owned(), version: u64::from(newer) }),
        }
        if bytes.len() < HEADER_LENGTH + NONCE_LENGTH {
            return Err(damaged("cut off"));
        }
        let (memory, rest) = rest.split_first_chunk::<4>().ok_or_else(|| damaged("cut off"))?;
        let (passes, rest) = rest.split_first_chunk::<4>().ok_or_else(|| damaged("cut off"))?;
        let (lanes, rest) = rest.split_first_chunk::<4>().ok_or_else(|| damaged("cut off"))?;
        let (salt, _) = rest.split_first_chunk::<16>().ok_or_else(|| damaged("cut off"))?;
        let cost = SealCost {
            memory_kib: u32::from_le_bytes(*memory),
            passes: u32::from_le_bytes(*passes),
            lanes: u32::from_le_bytes(*lanes),
        };
        let sane = (8..=MOST_MEMORY_KIB).contains(&cost.memory_kib)
            && (1..=MOST_PASSES).contains(&cost.passes)
            && (1..=MOST_LANES).contains(&cost.lanes);
        if sane { Ok(Self { cost, salt: *salt }) } else { Err(damaged("its key's cost is out of range")) }
    }

    /// The slow step. `path` is for the error only: a cost that this machine cannot meet.
    pub(crate) fn derive(&self, path: &Path, passphrase: &SecretString) -> Result<SealKey, VaultError> {
        let damaged = |_| VaultError::Tampered { path: path.to_owned(), what: "its key's cost is out of range" };
        let mut derived = Zeroizing::new([0; 64]);
        let params = Params::new(self.cost.memory_kib, self.cost.passes, self.cost.lanes, Some(64)).map_err(damaged)?;
        // Exposed to the derivation, which wipes its memory.
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.expose_secret().as_bytes(), &self.salt, &mut *derived)
            .map_err(damaged)?;
        Ok(SealKey { header: self.clone(), derived })
    }
}

impl SealKey {
    pub(crate) const fn header(&self) -> &Header {
        &self.header
    }

    fn key(&self) -> &[u8] {
        self.derived.split_at(32).0
    }

    fn check(&self) -> &[u8] {
        self.derived.split_at(32).1
    }

    fn header_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_LENGTH);
        bytes.extend_from_slice(MAGIC);
        bytes.push(FORMAT);
        for cost in [self.header.cost.memory_kib, self.header.cost.passes, self.header.cost.lanes] {
            bytes.extend_from_slice(&cost.to_le_bytes());
        }
        bytes.extend_from_slice(&self.header.salt);
        bytes.extend_from_slice(self.check());
        bytes
    }

    /// The whole file with these entries.
    pub(crate) fn seal(&self, path: &Path, entries: &Entries) -> Result<Vec<u8>, VaultError> {
        let failed = || VaultError::Tampered { path: path.to_owned(), what: "it cannot be sealed" };
        let mut nonce = [0; NONCE_LENGTH];
        random::fill(&mut nonce)?;
        let parts: Vec<&[u8]> =
            entries.iter().flat_map(|(name, secret)| [name.as_bytes(), secret.as_slice()]).collect();
        let plain = pack(&parts);
        let mut file = self.header_bytes();
        let cipher = XChaCha20Poly1305::new_from_slice(self.key()).map_err(|_| failed())?;
        let sealed = cipher.encrypt(&nonce.into(), Payload { msg: &plain, aad: &file }).map_err(|_| failed())?;
        file.extend_from_slice(&nonce);
        file.extend_from_slice(&sealed);
        Ok(file)
    }

    /// Whether this is the key of the file; the file's check is compared without telling where it differs.
    pub(crate) fn fits(&self, bytes: &[u8]) -> bool {
        let header = self.header_bytes();
        bytes.get(..HEADER_LENGTH).is_some_and(|written| bool::from(written.ct_eq(&header)))
    }

    /// The entries of a file that this key fits.
    pub(crate) fn open(&self, path: &Path, bytes: &[u8]) -> Result<Entries, VaultError> {
        let damaged = |what| VaultError::Tampered { path: path.to_owned(), what };
        let (header, rest) = bytes.split_at_checked(HEADER_LENGTH).ok_or_else(|| damaged("cut off"))?;
        let (nonce, sealed) = rest.split_first_chunk::<NONCE_LENGTH>().ok_or_else(|| damaged("cut off"))?;
        let cipher = XChaCha20Poly1305::new_from_slice(self.key()).map_err(|_| damaged("no key"))?;
        let plain = cipher
            .decrypt(&(*nonce).into(), Payload { msg: sealed, aad: header })
            .map(Zeroizing::new)
            .map_err(|_| damaged("its seal is broken"))?;
        let parts = unpack(&plain).ok_or_else(|| damaged("its entries do not fit"))?;
        let mut entries = Entries::new();
        for pair in parts.chunks(2) {
            let [name, secret] = pair else { return Err(damaged("its entries do not fit")) };
            let name = std::str::from_utf8(name).map_err(|_| damaged("its entries do not fit"))?;
            entries.insert(name.to_owned(), Zeroizing::new(secret.to_vec()));
        }
        Ok(entries)
    }
}
