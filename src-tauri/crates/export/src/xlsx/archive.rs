//! The ZIP file around a workbook, written from front to back.
//!
//! Sizes and check sums stand behind each file in it, as the format allows, so nothing is ever gone back to and any
//! output will do. Without ZIP64, which Excel does not take everywhere: nothing may pass 4 GiB.

use std::io::{self, ErrorKind, Write};

use crc32fast::Hasher;
use flate2::{Compress, Compression, FlushCompress, Status};

/// How much is packed at once.
const CHUNK: usize = 64 * 1024;
/// How hard it is packed, of 9: the README has what the levels cost.
const LEVEL: u32 = 3;
/// Bit 3 of the flags: sizes and check sum follow the data.
const SIZES_FOLLOW: u16 = 1 << 3;
/// The method DEFLATE.
const DEFLATED: u16 = 8;
/// Version 2.0 of the format, with which DEFLATE came.
const VERSION: u16 = 20;
/// 1980-01-01, the first day that the format knows: when a part was written says nothing, and equal rows make equal files.
const DAY: u16 = 0x0021;

/// An archive that is being written.
#[derive(Debug)]
pub(super) struct Archive<W> {
    out: W,
    written: u64,
    files: u16,
    /// The central directory, which stands behind all files.
    directory: Vec<u8>,
    open: Option<Open>,
    packer: Compress,
    packed: Vec<u8>,
}

/// The file that is being written.
#[derive(Debug)]
struct Open {
    name: String,
    /// Where its header stands, and where its data begin.
    header: u64,
    data: u64,
    crc: Hasher,
    unpacked: u64,
}

impl<W: Write> Archive<W> {
    pub(super) fn new(out: W) -> Self {
        Self {
            out,
            written: 0,
            files: 0,
            directory: Vec::new(),
            open: None,
            packer: Compress::new(Compression::new(LEVEL), false),
            packed: vec![0; CHUNK],
        }
    }

    /// Begins a file; the one before ends.
    pub(super) fn begin(&mut self, name: &str) -> io::Result<()> {
        self.close()?;
        let header = self.written;
        let mut bytes = b"PK\x03\x04".to_vec();
        bytes.extend(common(0, [0; 2], name)?);
        bytes.extend(name.as_bytes());
        self.send(&bytes)?;
        self.packer.reset();
        let data = self.written;
        self.open = Some(Open { name: name.to_owned(), header, data, crc: Hasher::new(), unpacked: 0 });
        Ok(())
    }

    /// How many bytes the open file has, unpacked.
    pub(super) fn unpacked(&self) -> u64 {
        self.open.as_ref().map_or(0, |open| open.unpacked)
    }

    /// Writes into the open file.
    pub(super) fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        let open = self.open.as_mut().ok_or(ErrorKind::InvalidInput)?;
        open.crc.update(bytes);
        open.unpacked = open.unpacked.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        while !bytes.is_empty() {
            let (taken, _) = self.pack(bytes, FlushCompress::None)?;
            bytes = bytes.get(taken..).unwrap_or_default();
        }
        Ok(())
    }

    /// A whole file at once.
    pub(super) fn file(&mut self, name: &str, text: &str) -> io::Result<()> {
        self.begin(name)?;
        self.write(text.as_bytes())
    }

    /// Ends the archive, and gives the output back.
    pub(super) fn end(mut self) -> io::Result<W> {
        self.close()?;
        let begins = small(self.written)?;
        let mut end = std::mem::take(&mut self.directory);
        let size = small(u64::try_from(end.len()).unwrap_or(u64::MAX))?;
        end.extend(b"PK\x05\x06\0\0\0\0");
        end.extend(self.files.to_le_bytes());
        end.extend(self.files.to_le_bytes());
        end.extend(size.to_le_bytes());
        end.extend(begins.to_le_bytes());
        end.extend([0; 2]);
        self.send(&end)?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// Ends the open file, if there is one: what the packer still holds, the sizes, its line in the directory.
    fn close(&mut self) -> io::Result<()> {
        while self.open.is_some() {
            if self.pack(&[], FlushCompress::Finish)?.1 == Status::StreamEnd {
                break;
            }
        }
        let Some(open) = self.open.take() else { return Ok(()) };
        let crc = open.crc.finalize();
        let sizes = [small(self.written.saturating_sub(open.data))?, small(open.unpacked)?];
        let mut follows = b"PK\x07\x08".to_vec();
        for field in [crc, sizes[0], sizes[1]] {
            follows.extend(field.to_le_bytes());
        }
        self.send(&follows)?;
        self.files = self.files.checked_add(1).ok_or_else(too_large)?;
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(common(crc, sizes, &open.name)?);
        // No comment, the first disk, no attributes.
        self.directory.extend([0; 10]);
        self.directory.extend(small(open.header)?.to_le_bytes());
        self.directory.extend(open.name.as_bytes());
        Ok(())
    }

    /// Packs some of the bytes, and sends what comes out. How many it took, and whether the stream is at its end.
    fn pack(&mut self, bytes: &[u8], flush: FlushCompress) -> io::Result<(usize, Status)> {
        let (taken, made) = (self.packer.total_in(), self.packer.total_out());
        let status = self.packer.compress(bytes, &mut self.packed, flush).map_err(io::Error::other)?;
        let since = |now: u64, before: u64| usize::try_from(now.saturating_sub(before)).unwrap_or(usize::MAX);
        let made = since(self.packer.total_out(), made);
        let packed = self.packed.get(..made).ok_or(ErrorKind::InvalidData)?;
        self.out.write_all(packed)?;
        self.written = self.written.saturating_add(u64::try_from(made).unwrap_or(u64::MAX));
        Ok((since(self.packer.total_in(), taken), status))
    }

    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.written = self.written.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(())
    }
}

/// What a file's header and its line in the directory have in common, up to the lengths of name and extra field.
fn common(crc: u32, [packed, unpacked]: [u32; 2], name: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for field in [VERSION, SIZES_FOLLOW, DEFLATED, 0, DAY] {
        bytes.extend(field.to_le_bytes());
    }
    for field in [crc, packed, unpacked] {
        bytes.extend(field.to_le_bytes());
    }
    bytes.extend(u16::try_from(name.len()).map_err(|_| too_large())?.to_le_bytes());
    bytes.extend([0; 2]);
    Ok(bytes)
}

/// A size or place as the format writes it without its 64-bit form.
fn small(size: u64) -> io::Result<u32> {
    u32::try_from(size).map_err(|_| too_large())
}

fn too_large() -> io::Error {
    io::Error::new(ErrorKind::FileTooLarge, "a workbook can't be larger than 4 GiB: export a shorter range, or CSV")
}
