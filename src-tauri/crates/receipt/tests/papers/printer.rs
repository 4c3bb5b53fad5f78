//! A receipt printer, played: reads bytes as Epson's documents describe them, and stops at anything that it does not know.

use ab_glyph::{Font, FontRef, PxScale, point};

/// One thing that came out of the printer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Out {
    /// A line in its own letters.
    Line { text: String, bold: bool, wide: usize, high: usize },
    /// Dots, row by row.
    Dots(Vec<Vec<bool>>),
    /// Fed lines.
    Feed(u8),
    /// A cut: `A` full, `B` partial.
    Cut(u8),
}

/// What the printer thinks that bytes above 127 are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Table {
    Unknown,
    Cp857,
    Windows1254,
}

struct Reader<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl Reader<'_> {
    fn next(&mut self) -> u8 {
        *self.bytes.next().expect("a command ends in its middle")
    }

    fn two(&mut self) -> usize {
        usize::from(u16::from_le_bytes([self.next(), self.next()]))
    }
}

/// Prints bytes. Neighbouring pictures become one, as on paper.
pub(crate) fn print(bytes: &[u8], most: usize) -> Vec<Out> {
    let mut reader = Reader { bytes: bytes.iter() };
    let (mut out, mut line, mut table) = (Vec::new(), Vec::new(), Table::Unknown);
    let (mut bold, mut wide, mut high) = (false, 1, 1);
    while let Some(byte) = reader.bytes.next() {
        match byte {
            b'\n' => {
                let text = decoded(&std::mem::take(&mut line), table);
                assert!(text.chars().count() * wide <= most, "{text:?} runs over the edge");
                out.push(Out::Line { text, bold, wide, high });
            }
            0x20..=0x7e | 0x80.. => line.push(*byte),
            0x1b..=0x1d => {
                assert!(line.is_empty(), "a command amid a line");
                match (*byte, reader.next()) {
                    (0x1b, b'@') => (bold, wide, high, table) = (false, 1, 1, Table::Unknown),
                    (0x1b, b'R' | b'M') => assert_eq!(reader.next(), 0),
                    (0x1c, b'.') => {}
                    (0x1b, b't') => {
                        table = match reader.next() {
                            13 => Table::Cp857,
                            48 => Table::Windows1254,
                            other => panic!("this printer has no code page {other}"),
                        }
                    }
                    (0x1b, b'3') => assert!(reader.next() >= 24, "lines overlap"),
                    (0x1b, b'E') => bold = reader.next() == 1,
                    (0x1d, b'!') => {
                        let size = usize::from(reader.next());
                        (wide, high) = ((size >> 4) + 1, (size & 15) + 1);
                    }
                    (0x1b, b'd') => out.push(Out::Feed(reader.next())),
                    (0x1d, b'V') => {
                        out.push(Out::Cut(reader.next()));
                        assert_eq!(reader.next(), 0);
                    }
                    (0x1d, b'v') => picture(&mut reader, &mut out),
                    other => panic!("an unknown command: {other:x?}"),
                }
            }
            other => panic!("a control byte: {other:x}"),
        }
    }
    assert!(line.is_empty(), "a line without its end");
    out
}

fn picture(reader: &mut Reader<'_>, out: &mut Vec<Out>) {
    assert_eq!((reader.next(), reader.next()), (b'0', 0));
    let (wide, high) = (reader.two(), reader.two());
    assert!(wide <= 72 && high <= 255, "{wide} bytes, {high} rows");
    let row = |reader: &mut Reader<'_>| -> Vec<bool> {
        (0..wide).map(|_| reader.next()).flat_map(|byte| (0..8).map(move |bit| byte & (0x80 >> bit) != 0)).collect()
    };
    let rows: Vec<Vec<bool>> = (0..high).map(|_| row(reader)).collect();
    out.push(Out::Dots(rows));
}

fn decoded(bytes: &[u8], table: Table) -> String {
    match table {
        Table::Windows1254 => encoding_rs::WINDOWS_1254.decode_without_bom_handling(bytes).0.into_owned(),
        Table::Cp857 => bytes.iter().map(|byte| if *byte < 0x80 { char::from(*byte) } else { cp857(*byte) }).collect(),
        Table::Unknown => {
            assert!(bytes.is_ascii(), "no code page was selected");
            bytes.iter().copied().map(char::from).collect()
        }
    }
}

fn cp857(byte: u8) -> char {
    let hex = |text: &str| u32::from_str_radix(text, 16).unwrap();
    let mut lines = include_str!("cp857.txt").lines().map(|line| line.split_once(' ').unwrap());
    let found = lines.find(|(at, _)| hex(at) == u32::from(byte)).unwrap_or_else(|| panic!("857 has no {byte:x}"));
    char::from_u32(hex(found.1)).unwrap()
}

/// What came out, as a picture: grey paper beside the printed width, a dashed line where it is cut.
pub(crate) fn drawn(out: &[Out], dots: usize) -> Vec<u8> {
    let font = FontRef::try_from_slice(include_bytes!("../../fonts/Inter-SemiBold.ttf")).unwrap();
    let mut rows: Vec<Vec<bool>> = vec![vec![false; dots]; 20];
    for piece in out {
        match piece {
            Out::Dots(picture) => rows.extend(picture.iter().cloned()),
            Out::Feed(lines) => rows.extend(vec![vec![false; dots]; usize::from(*lines) * 30]),
            Out::Cut(_) => rows.push((0..dots).map(|x| x % 16 < 8).collect()),
            Out::Line { text, bold, wide, high } => {
                let top = rows.len();
                rows.extend(vec![vec![false; dots]; 24 * high + 6]);
                for (place, letter) in text.chars().enumerate() {
                    let scale = PxScale { x: cells(if *bold { 19 } else { 17 } * wide), y: cells(25 * high) };
                    let left = cells(place * 12 * wide);
                    let glyph =
                        font.glyph_id(letter).with_scale_and_position(scale, point(left, cells(top + 20 * high)));
                    let Some(outline) = font.outline_glyph(glyph) else { continue };
                    let corner = outline.px_bounds().min;
                    outline.draw(|x, y, ink| {
                        let (x, y) = (
                            whole(corner.x) + usize::try_from(x).unwrap(),
                            whole(corner.y) + usize::try_from(y).unwrap(),
                        );
                        if ink > 0.5 && y < rows.len() && x < dots {
                            rows[y][x] = true;
                        }
                    });
                }
            }
        }
    }
    png(&rows, dots)
}

fn cells(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap())
}

#[expect(
    clippy::as_conversions,
    reason = "bounds of glyphs are whole; what is left of the paper saturates to its edge"
)]
fn whole(place: f32) -> usize {
    place as usize
}

fn png(rows: &[Vec<bool>], dots: usize) -> Vec<u8> {
    let mut file = Vec::new();
    let size = |count: usize| u32::try_from(count).unwrap();
    let mut encoder = png::Encoder::new(&mut file, size(dots), size(rows.len()));
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    let shades: Vec<u8> = rows.iter().flatten().map(|black| if *black { 0 } else { 255 }).collect();
    writer.write_image_data(&shades).unwrap();
    writer.finish().unwrap();
    file
}
