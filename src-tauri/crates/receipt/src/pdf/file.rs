//! The PDF's objects.
//!
//! Letters are numbered as they first appear, and each number has its letter in the map to Unicode: two letters that a
//! font draws alike, or one that it can't draw, are copied as what they are.

use std::collections::BTreeMap;

use miniz_oxide::deflate::compress_to_vec_zlib;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Date, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use subsetter::GlyphRemapper;

use super::PdfError;
use crate::block::Document;
use crate::edge::points;
use crate::font::{Font, Fonts, Weight};
use crate::paper::{Ink, Op, Page};

const SYSTEM: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
const WEIGHTS: [(Weight, &[u8]); 2] = [(Weight::Regular, b"R"), (Weight::SemiBold, b"S")];
/// Good and quick enough for pages of a few kilobytes.
const LEVEL: u8 = 6;

/// The letters of one font that are used, numbered from 1.
#[derive(Default)]
struct Used {
    numbers: BTreeMap<char, u16>,
    letters: Vec<char>,
}

impl Used {
    fn number(&mut self, letter: char) -> u16 {
        if let Some(number) = self.numbers.get(&letter) {
            return *number;
        }
        self.letters.push(letter);
        let number = u16::try_from(self.letters.len()).unwrap_or(u16::MAX);
        self.numbers.insert(letter, number);
        number
    }
}

/// Gives out the numbers of objects.
struct Refs(i32);

impl Refs {
    fn next(&mut self) -> Ref {
        self.0 = self.0.saturating_add(1);
        Ref::new(self.0)
    }
}

pub(super) fn write(document: &Document, pages: &[Page], fonts: &Fonts) -> Result<Vec<u8>, PdfError> {
    let mut refs = Refs(0);
    let mut pdf = Pdf::new();
    let (catalog, tree, info) = (refs.next(), refs.next(), refs.next());
    let font_refs = WEIGHTS.map(|(weight, name)| (weight, name, refs.next()));
    let mut used = [Used::default(), Used::default()];
    let [regular, semibold] = &mut used;
    let mut kids = Vec::new();
    for page in pages {
        let (id, content_id) = (refs.next(), refs.next());
        let content = compress_to_vec_zlib(&content(page, regular, semibold), LEVEL);
        pdf.stream(content_id, &content).filter(Filter::FlateDecode);
        let mut object = pdf.page(id);
        object
            .parent(tree)
            .media_box(Rect::new(0.0, 0.0, points(page.width), points(page.height)))
            .contents(content_id);
        let mut resources = object.resources();
        let mut named = resources.fonts();
        for (_, name, font) in font_refs {
            named.pair(Name(name), font);
        }
        named.finish();
        resources.finish();
        object.finish();
        kids.push(id);
    }
    pdf.pages(tree).count(i32::try_from(kids.len()).unwrap_or_default()).kids(kids);
    for ((weight, _, id), used) in font_refs.into_iter().zip(&used) {
        embed(&mut pdf, &mut refs, id, &Embedded { weight, font: fonts.of(weight), used })?;
    }
    let mut root = pdf.catalog(catalog);
    root.pages(tree).lang(TextStr(document.language.code()));
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    pdf.document_info(info)
        .title(TextStr(document.title.as_str()))
        .creator(TextStr("Vezne"))
        .creation_date(date(document));
    Ok(pdf.finish())
}

/// What is drawn on a page.
fn content(page: &Page, regular: &mut Used, semibold: &mut Used) -> Vec<u8> {
    let mut content = Content::new();
    let grey = |ink: Ink| match ink {
        Ink::Black => 0.0,
        Ink::Grey => 0.36,
    };
    for op in &page.ops {
        match op {
            Op::Fill { x, y, width, height, ink } => {
                let low = page.height.saturating_sub(*y).saturating_sub(*height);
                content.set_fill_gray(grey(*ink));
                content.rect(points(*x), points(low), points(*width), points(*height)).fill_nonzero();
            }
            Op::Text { x, baseline, size, weight, ink, text } => {
                let (name, used) = match weight {
                    Weight::Regular => (Name(b"R"), &mut *regular),
                    Weight::SemiBold => (Name(b"S"), &mut *semibold),
                };
                let letters = text.chars().map(|letter| if letter == '\u{a0}' { ' ' } else { letter });
                let bytes: Vec<u8> = letters.flat_map(|letter| used.number(letter).to_be_bytes()).collect();
                content.begin_text().set_fill_gray(grey(*ink)).set_font(name, points(*size));
                let y = points(page.height.saturating_sub(*baseline));
                content.set_text_matrix([1.0, 0.0, 0.0, 1.0, points(*x), y]).show(Str(&bytes)).end_text();
            }
        }
    }
    content.finish().into_vec()
}

/// A font with the letters that are used of it.
struct Embedded<'a> {
    weight: Weight,
    font: &'a Font,
    used: &'a Used,
}

fn embed(pdf: &mut Pdf, refs: &mut Refs, id: Ref, embedded: &Embedded<'_>) -> Result<(), PdfError> {
    let Embedded { weight, font, used } = embedded;
    let (cid, descriptor, file, map, unicode) = (refs.next(), refs.next(), refs.next(), refs.next(), refs.next());
    let mut remapper = GlyphRemapper::new();
    let mut to_glyph = vec![0, 0];
    let mut to_unicode = UnicodeCmap::new(Name(b"Letters"), SYSTEM);
    for (letter, number) in used.letters.iter().zip(1_u16..) {
        to_glyph.extend(remapper.remap(font.glyph(*letter)).to_be_bytes());
        to_unicode.pair(number, *letter);
    }
    let cut = subsetter::subset(weight.bytes(), 0, &remapper).map_err(|error| PdfError::Subset(error.to_string()))?;
    // A name of six letters before the font's own says that it is only a part of it.
    let name = format!("VEZNER+{}", weight.name());
    let name = Name(name.as_bytes());

    pdf.type0_font(id)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(unicode);
    let mut object = pdf.cid_font(cid);
    object.subtype(CidFontType::Type2).base_font(name).system_info(SYSTEM).font_descriptor(descriptor);
    object.default_width(0.0).cid_to_gid_map_stream(map);
    object.widths().consecutive(1, used.letters.iter().map(|letter| thousandths(font.advance(*letter))));
    object.finish();

    let metrics = font.metrics();
    let [x_min, y_min, x_max, y_max] = metrics.bounds.map(thousandths);
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(FontFlags::NON_SYMBOLIC)
        .bbox(Rect::new(x_min, y_min, x_max, y_max))
        .italic_angle(0.0)
        .ascent(thousandths(metrics.ascent))
        .descent(thousandths(metrics.descent))
        .cap_height(thousandths(metrics.capitals))
        .stem_v(80.0)
        .font_file2(file);
    packed(pdf, file, &cut);
    packed(pdf, map, &to_glyph);
    packed(pdf, unicode, to_unicode.finish().as_slice());
    Ok(())
}

fn packed(pdf: &mut Pdf, id: Ref, bytes: &[u8]) {
    let bytes = compress_to_vec_zlib(bytes, LEVEL);
    pdf.stream(id, &bytes).filter(Filter::FlateDecode);
}

/// Thousandths of an em, as PDF counts widths.
fn thousandths(value: i32) -> f32 {
    f32::from(i16::try_from(value).unwrap_or(i16::MAX))
}

/// The moment that the document speaks of, so that the same document gives the same file.
fn date(document: &Document) -> Date {
    let moment = document.moment.to_jiff().to_zoned(jiff::tz::TimeZone::UTC);
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    Date::new(u16::try_from(moment.year()).unwrap_or_default())
        .month(part(moment.month()))
        .day(part(moment.day()))
        .hour(part(moment.hour()))
        .minute(part(moment.minute()))
        .second(part(moment.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
