//! Tables on papers.

use super::Ink;
use super::flow::{Between, Flow, Place, Style};
use crate::block::{Row, Table, TableRow};
use crate::font::Weight;

impl Flow<'_> {
    /// A table; where the paper is too narrow for it, a list for each of its lines.
    pub(super) fn table(&mut self, table: &Table) {
        let Some(columns) = self.columns(table) else {
            return self.lists(table);
        };
        let heads = TableRow { cells: table.columns.iter().map(|column| column.head.clone()).collect(), strong: true };
        self.table_row(&columns, &heads);
        self.rule();
        for row in &table.rows {
            self.table_row(&columns, row);
        }
    }

    const fn cell(&self, strong: bool) -> Style {
        let weight = if strong { Weight::SemiBold } else { Weight::Regular };
        Style { size: self.sheet.sizes.body, weight, ink: Ink::Black }
    }

    /// Where each column stands. The first is given what the others leave; None where that is too little.
    fn columns(&self, table: &Table) -> Option<Vec<Between>> {
        let gap = self.sheet.sizes.body;
        let mut widths: Vec<i32> = table
            .columns
            .iter()
            .enumerate()
            .map(|(place, column)| {
                let cells = table.rows.iter().filter_map(|row| row.cells.get(place));
                // Measured in bold, which is the widest that it can become.
                cells.chain([&column.head]).map(|text| self.wide(text, self.cell(true))).max().unwrap_or_default()
            })
            .collect();
        let gaps = gap.saturating_mul(i32::try_from(widths.len().saturating_sub(1)).ok()?);
        let others = widths.iter().skip(1).copied().fold(gaps, i32::saturating_add);
        let inner = self.sheet.inner();
        let left = inner.saturating_sub(others);
        let first = widths.first_mut()?;
        if left < (*first).min(inner / 5) {
            return None;
        }
        *first = left;
        let mut x = self.sheet.side;
        Some(
            widths
                .iter()
                .zip(&table.columns)
                .map(|(width, column)| {
                    let between = Between { x, width: *width, place: Place::from(column.align) };
                    x = x.saturating_add(*width).saturating_add(gap);
                    between
                })
                .collect(),
        )
    }

    fn table_row(&mut self, columns: &[Between], row: &TableRow) {
        let style = self.cell(row.strong);
        let cells: Vec<Vec<String>> =
            columns.iter().zip(&row.cells).map(|(column, cell)| self.broken(cell, style, column.width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or_default().max(1);
        for place in 0..height {
            self.room(style.line());
            let y = self.y;
            for (column, cell) in columns.iter().zip(&cells) {
                self.y = y;
                self.line(cell.get(place).map_or("", String::as_str), style, *column);
            }
            self.y = y.saturating_add(style.line());
        }
    }

    fn lists(&mut self, table: &Table) {
        for row in &table.rows {
            for (place, (column, cell)) in table.columns.iter().zip(&row.cells).enumerate() {
                if place == 0 {
                    self.text(cell, self.cell(true), self.across(Place::Left));
                } else if !cell.is_empty() {
                    let (label, value) = (column.head.clone(), cell.clone());
                    self.row(&Row { label, value, align: column.align, strong: row.strong });
                }
            }
        }
    }
}
