//! From blocks to pages.

use super::{Ink, Op, Page, Sheet};
use crate::block::{Align, Block, Document, Row, Text};
use crate::font::{Fonts, Weight};
use crate::words::words;
use crate::wrap::wrap;

/// The pages of a paper; a roll is one page, as long as it must be.
pub(crate) fn lay_out(document: &Document, sheet: Sheet, fonts: &Fonts) -> Vec<Page> {
    let mut flow = Flow { sheet, fonts, y: sheet.end, ops: Vec::new(), pages: Vec::new() };
    for block in &document.blocks {
        flow.block(block);
    }
    flow.finish(document)
}

/// How a line of text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) size: i32,
    pub(super) weight: Weight,
    pub(super) ink: Ink,
}

impl Style {
    /// From one line to the next.
    pub(super) const fn line(self) -> i32 {
        self.size.saturating_mul(27).div_euclid(20)
    }
}

/// Where a line stands between two edges.
#[derive(Debug, Clone, Copy)]
pub(super) struct Between {
    pub(super) x: i32,
    pub(super) width: i32,
    pub(super) place: Place,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
    Left,
    Centre,
    Right,
}

impl From<Align> for Place {
    fn from(align: Align) -> Self {
        match align {
            Align::Left => Self::Left,
            Align::Centre => Self::Centre,
            Align::Right => Self::Right,
        }
    }
}

pub(super) struct Flow<'a> {
    pub(super) sheet: Sheet,
    fonts: &'a Fonts,
    pub(super) y: i32,
    ops: Vec<Op>,
    pages: Vec<Page>,
}

impl Flow<'_> {
    fn block(&mut self, block: &Block) {
        let sizes = self.sheet.sizes;
        let style = |size, weight| Style { size, weight, ink: Ink::Black };
        match block {
            Block::Head(lines) => self.head(lines),
            Block::Mark(text) => self.mark(text),
            Block::Title(text) => {
                self.text(text, style(sizes.title, Weight::SemiBold), self.headline());
                self.skip(sizes.body / 4);
            }
            Block::Figure(text) => self.figure(text),
            Block::Heading(text) => {
                self.skip(sizes.body / 2);
                self.text(text, style(sizes.head, Weight::SemiBold), self.across(Place::Left));
            }
            Block::Rows(rows) => rows.iter().for_each(|row| self.row(row)),
            Block::Table(table) => self.table(table),
            Block::Paragraph(text) => self.paragraph(text, style(sizes.body, Weight::Regular)),
            Block::Strong(text) => self.paragraph(text, style(sizes.head, Weight::SemiBold)),
            Block::Small(text) => {
                self.text(
                    text,
                    Style { size: sizes.small, weight: Weight::Regular, ink: Ink::Grey },
                    self.across(Place::Left),
                );
            }
            Block::Rule => self.rule(),
            Block::Gap => self.skip(sizes.body),
        }
    }

    pub(super) const fn across(&self, place: Place) -> Between {
        Between { x: self.sheet.side, width: self.sheet.inner(), place }
    }

    /// Where headlines stand: in the middle of a roll, at the left of a page.
    const fn headline(&self) -> Between {
        self.across(if self.sheet.narrow { Place::Centre } else { Place::Left })
    }

    fn head(&mut self, lines: &[Text]) {
        let sizes = self.sheet.sizes;
        for (place, line) in lines.iter().enumerate() {
            let (size, weight) =
                if place == 0 { (sizes.head, Weight::SemiBold) } else { (sizes.body, Weight::Regular) };
            self.text(line, Style { size, weight, ink: Ink::Black }, self.headline());
        }
    }

    fn paragraph(&mut self, text: &Text, style: Style) {
        self.text(text, style, self.across(Place::Left));
        self.skip(self.sheet.sizes.body / 3);
    }

    /// A frame with a warning in it.
    fn mark(&mut self, text: &Text) {
        let body = self.sheet.sizes.head;
        let style = Style { size: body, weight: Weight::SemiBold, ink: Ink::Black };
        let (thick, pad) = (body / 9, body / 2);
        let inner = self.sheet.inner().saturating_sub(pad.saturating_mul(2));
        let lines = self.broken(text, style, inner);
        let count = i32::try_from(lines.len()).unwrap_or_default();
        let height = style.line().saturating_mul(count).saturating_add(pad);
        self.room(height);
        let (x, y, width) = (self.sheet.side, self.y, self.sheet.inner());
        let mut side = |x, y, width, height| self.ops.push(Op::Fill { x, y, width, height, ink: Ink::Black });
        side(x, y, width, thick);
        side(x, y.saturating_add(height).saturating_sub(thick), width, thick);
        side(x, y, thick, height);
        side(x.saturating_add(width).saturating_sub(thick), y, thick, height);
        self.y = self.y.saturating_add(pad / 2);
        for line in lines {
            self.line(&line, style, self.across(Place::Centre));
        }
        self.y = self.y.saturating_add(pad / 2);
        self.skip(body / 2);
    }

    /// As large as it fits.
    fn figure(&mut self, text: &Text) {
        let most = self.sheet.sizes.figure;
        let wide = self.fonts.of(Weight::SemiBold).width(text.as_str(), most).max(1);
        let size = most.min(most.saturating_mul(self.sheet.inner() / 10).div_euclid((wide / 10).max(1)));
        let style = Style { size, weight: Weight::SemiBold, ink: Ink::Black };
        self.room(style.line());
        self.line(text.as_str(), style, self.headline());
        self.skip(self.sheet.sizes.body / 4);
    }

    pub(super) fn row(&mut self, row: &Row) {
        let size = self.sheet.sizes.body;
        let weight = if row.strong { Weight::SemiBold } else { Weight::Regular };
        let value = Style { size, weight, ink: Ink::Black };
        let label = Style { ink: if row.strong { Ink::Black } else { Ink::Grey }, ..value };
        if self.sheet.narrow { self.narrow_row(row, label, value) } else { self.wide_row(row, label, value) }
    }

    /// Label and value on one line where they fit; else the value below, to the right.
    fn narrow_row(&mut self, row: &Row, label: Style, value: Style) {
        let inner = self.sheet.inner();
        let both = self.wide(&row.label, label).saturating_add(self.wide(&row.value, value));
        if both.saturating_add(value.size) <= inner {
            self.room(value.line());
            let y = self.y;
            self.line(row.label.as_str(), label, self.across(Place::Left));
            self.y = y;
            self.line(row.value.as_str(), value, self.across(Place::Right));
        } else {
            self.text(&row.label, label, self.across(Place::Left));
            // What goes on over the line is read from its beginning.
            let goes_on = self.wide(&row.value, value) > inner;
            let indent = if goes_on { value.size } else { 0 };
            let place = if goes_on { Place::Left } else { Place::Right };
            let (x, width) = (self.sheet.side.saturating_add(indent), inner.saturating_sub(indent));
            self.text(&row.value, value, Between { x, width, place });
        }
    }

    /// Labels in a column of their own, values beside them; amounts end under each other.
    fn wide_row(&mut self, row: &Row, label: Style, value: Style) {
        let inner = self.sheet.inner();
        let column = inner.saturating_mul(34) / 100;
        let gap = label.size;
        let labels = self.broken(&row.label, label, column.saturating_sub(gap));
        let width = match row.align {
            Align::Left | Align::Centre => inner.saturating_sub(column),
            Align::Right => inner.saturating_mul(30) / 100,
        };
        let wide = self.wide(&row.value, value);
        let beside = Between {
            x: self.sheet.side.saturating_add(column),
            width: width.max(wide.min(inner.saturating_sub(column))),
            place: row.align.into(),
        };
        let values = self.broken(&row.value, value, beside.width);
        for place in 0..labels.len().max(values.len()) {
            self.room(value.line());
            let y = self.y;
            if let Some(text) = labels.get(place) {
                self.line(text, label, self.across(Place::Left));
            }
            self.y = y;
            self.line(values.get(place).map_or("", String::as_str), value, beside);
        }
    }

    /// Text in as many lines as it takes.
    pub(super) fn text(&mut self, text: &Text, style: Style, between: Between) {
        for line in self.broken(text, style, between.width) {
            self.room(style.line());
            self.line(&line, style, between);
        }
    }

    pub(super) fn wide(&self, text: &Text, style: Style) -> i32 {
        self.fonts.of(style.weight).width(text.as_str(), style.size)
    }

    pub(super) fn broken(&self, text: &Text, style: Style, most: i32) -> Vec<String> {
        let font = self.fonts.of(style.weight);
        wrap(text.as_str(), most, &|piece| font.width(piece, style.size))
    }

    /// One line, here; the next one stands below it.
    pub(super) fn line(&mut self, text: &str, style: Style, between: Between) {
        let line = style.line();
        let spare = between.width.saturating_sub(self.fonts.of(style.weight).width(text, style.size));
        let shift = match between.place {
            Place::Left => 0,
            Place::Centre => spare / 2,
            Place::Right => spare,
        };
        if !text.is_empty() {
            self.ops.push(Op::Text {
                x: between.x.saturating_add(shift),
                // Capitals stand in the middle of their line.
                baseline: self.y.saturating_add(line / 2).saturating_add(style.size.saturating_mul(364) / 1_000),
                size: style.size,
                weight: style.weight,
                ink: style.ink,
                text: text.to_owned(),
            });
        }
        self.y = self.y.saturating_add(line);
    }

    pub(super) fn rule(&mut self) {
        let body = self.sheet.sizes.body;
        self.room(body);
        let height = if self.sheet.narrow { 71 } else { 50 };
        let (x, y, width) = (self.sheet.side, self.y.saturating_add(body / 2), self.sheet.inner());
        self.ops.push(Op::Fill { x, y, width, height, ink: Ink::Grey });
        self.y = self.y.saturating_add(body);
    }

    fn skip(&mut self, height: i32) {
        self.y = self.y.saturating_add(height);
    }

    /// Turns the page where that much more has no room on it.
    pub(super) fn room(&mut self, height: i32) {
        let Some(page) = self.sheet.height else { return };
        // Below stands the page's number.
        let bottom = page.saturating_sub(self.sheet.end);
        if self.y.saturating_add(height) > bottom && self.y > self.sheet.end {
            self.turn();
        }
    }

    fn turn(&mut self) {
        let height = self.sheet.height.unwrap_or_else(|| self.y.saturating_add(self.sheet.end));
        let ops = std::mem::take(&mut self.ops);
        self.pages.push(Page { width: self.sheet.width, height, ops });
        self.y = self.sheet.end;
    }

    fn finish(mut self, document: &Document) -> Vec<Page> {
        self.turn();
        let count = self.pages.len();
        if count > 1 {
            let style = Style { size: self.sheet.sizes.small, weight: Weight::Regular, ink: Ink::Grey };
            for place in 0..count {
                let number = (words(document.language).page)(place.saturating_add(1), count);
                self.y = self.sheet.height.unwrap_or_default().saturating_sub(self.sheet.end);
                self.line(&number, style, self.across(Place::Right));
                let ops = std::mem::take(&mut self.ops);
                if let Some(page) = self.pages.get_mut(place) {
                    page.ops.extend(ops);
                }
            }
        }
        self.pages
    }
}
