//! From blocks to lines of equal columns.

use super::{Line, Look, Span, columns_of};
use crate::block::{Align, Block, Document, Row, Table, TableRow, Text};
use crate::wrap::wrap;

/// The least a column of words may shrink to before a table becomes lists.
const WORDS_LEAST: usize = 10;

/// The lines of a paper of that many columns (at least 16). A [`Look::Double`] line counts its columns twice as wide.
#[must_use]
pub fn lay_out(document: &Document, columns: usize) -> Vec<Line> {
    let mut grid = Grid { columns: columns.max(16), lines: Vec::new() };
    for block in &document.blocks {
        grid.block(block);
    }
    grid.lines
}

struct Grid {
    columns: usize,
    lines: Vec<Line>,
}

fn broken(text: &str, columns: usize) -> Vec<String> {
    let most = i32::try_from(columns).unwrap_or(i32::MAX);
    wrap(text, most, &|piece| i32::try_from(columns_of(piece)).unwrap_or(i32::MAX))
}

impl Grid {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Head(lines) => {
                for (place, line) in lines.iter().enumerate() {
                    self.centred(line, if place == 0 { Look::Bold } else { Look::Plain });
                }
            }
            Block::Mark(text) => self.centred(&Text::from(format!("*** {} ***", text.as_str())), Look::Tall),
            Block::Title(text) => self.centred(text, Look::Tall),
            Block::Figure(text) => self.figure(text),
            Block::Heading(text) => self.left(text, Look::Bold),
            Block::Rows(rows) => rows.iter().for_each(|row| self.row(row)),
            Block::Table(table) => self.table(table),
            Block::Paragraph(text) | Block::Small(text) => self.left(text, Look::Plain),
            Block::Strong(text) => self.left(text, Look::Bold),
            Block::Rule => self.rule(),
            Block::Gap => self.lines.push(Line { look: Look::Plain, spans: Vec::new() }),
        }
    }

    fn rule(&mut self) {
        let text = "-".repeat(self.columns);
        self.push(Look::Plain, vec![Span { column: 0, columns: self.columns, align: Align::Left, text }]);
    }

    fn push(&mut self, look: Look, spans: Vec<Span>) {
        self.lines.push(Line { look, spans });
    }

    fn left(&mut self, text: &Text, look: Look) {
        for text in broken(text.as_str(), self.columns) {
            let span = Span { column: 0, columns: self.columns, align: Align::Left, text };
            self.push(look, vec![span]);
        }
    }

    fn centred(&mut self, text: &Text, look: Look) {
        self.centred_among(text, look, self.columns);
    }

    fn centred_among(&mut self, text: &Text, look: Look, columns: usize) {
        for text in broken(text.as_str(), columns) {
            self.push(look, vec![Span { column: 0, columns, align: Align::Centre, text }]);
        }
    }

    /// As large as it fits on one line.
    fn figure(&mut self, text: &Text) {
        let half = self.columns / 2;
        if columns_of(text.as_str()) <= half {
            self.centred_among(text, Look::Double, half);
        } else {
            self.centred(text, Look::Tall);
        }
    }

    /// Label and value on one line where they fit; else the value below, to the right.
    fn row(&mut self, row: &Row) {
        let look = if row.strong { Look::Bold } else { Look::Plain };
        let (label, value) = (row.label.as_str(), row.value.as_str());
        let gap = if self.columns < 40 { 1 } else { 2 };
        let labels = columns_of(label);
        let values = columns_of(value);
        let right = |column: usize, columns: usize, text: String| Span { column, columns, align: Align::Right, text };
        if labels.saturating_add(gap).saturating_add(values) <= self.columns {
            let label = Span { column: 0, columns: labels, align: Align::Left, text: label.to_owned() };
            let rest = self.columns.saturating_sub(labels);
            self.push(look, vec![label, right(labels, rest, value.to_owned())]);
            return;
        }
        self.left(&row.label, look);
        let column = gap;
        let columns = self.columns.saturating_sub(column);
        let lines = broken(value, columns);
        // What goes on over the line is read from its beginning.
        let align = if lines.len() == 1 { Align::Right } else { Align::Left };
        for text in lines {
            self.push(look, vec![Span { column, columns, align, text }]);
        }
    }

    fn table(&mut self, table: &Table) {
        let Some(widths) = self.widths(table) else {
            return self.lists(table);
        };
        let heads = TableRow { cells: table.columns.iter().map(|column| column.head.clone()).collect(), strong: true };
        self.table_row(table, &widths, &heads);
        self.rule();
        for row in &table.rows {
            self.table_row(table, &widths, row);
        }
    }

    /// The width of each column, the spare room given to the first; None where the paper is too narrow.
    fn widths(&self, table: &Table) -> Option<Vec<usize>> {
        let mut widths: Vec<usize> = table
            .columns
            .iter()
            .enumerate()
            .map(|(place, column)| {
                let cells = table.rows.iter().filter_map(|row| row.cells.get(place));
                cells.chain([&column.head]).map(|text| columns_of(text.as_str())).max().unwrap_or_default()
            })
            .collect();
        let gaps = widths.len().saturating_sub(1).saturating_mul(2);
        let others: usize = widths.iter().skip(1).sum();
        let left = self.columns.checked_sub(others.checked_add(gaps)?)?;
        let first = widths.first_mut()?;
        if left < (*first).min(WORDS_LEAST) {
            return None;
        }
        *first = left;
        Some(widths)
    }

    fn table_row(&mut self, table: &Table, widths: &[usize], row: &TableRow) {
        let look = if row.strong { Look::Bold } else { Look::Plain };
        let cells: Vec<Vec<String>> = widths
            .iter()
            .enumerate()
            .map(|(place, width)| row.cells.get(place).map(|cell| broken(cell.as_str(), *width)).unwrap_or_default())
            .collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or_default().max(1);
        for line in 0..height {
            let mut column: usize = 0;
            let mut spans = Vec::new();
            for ((width, cell), of) in widths.iter().zip(&cells).zip(&table.columns) {
                if let Some(text) = cell.get(line) {
                    spans.push(Span { column, columns: *width, align: of.align, text: text.clone() });
                }
                column = column.saturating_add(*width).saturating_add(2);
            }
            self.push(look, spans);
        }
    }

    /// Each line of the table as a list: its first cell as a heading, the others with their columns' heads.
    fn lists(&mut self, table: &Table) {
        for row in &table.rows {
            for (place, (column, cell)) in table.columns.iter().zip(&row.cells).enumerate() {
                if place == 0 {
                    self.left(cell, Look::Bold);
                } else if !cell.is_empty() {
                    self.row(&Row {
                        label: column.head.clone(),
                        value: cell.clone(),
                        align: column.align,
                        strong: row.strong,
                    });
                }
            }
        }
    }
}
