//! What every format has to give back, tried on rows at random.

mod csv_read;
mod documentation;
mod files;
mod json_read;
mod refused;
mod samples;
mod xlsx_read;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::ControlFlow;

use vezne_core::money::Money;

use crate::{Format, Head, PaymentRow, Table};
pub(crate) use samples::{istanbul, usual};

/// The rows in a format.
fn written(format: Format, head: &Head, rows: &[PaymentRow]) -> Vec<u8> {
    let mut table = Table::begin(format, head, Vec::new()).unwrap();
    let rows_in = rows.iter().cloned().map(Ok::<_, Infallible>);
    assert_eq!(table.fill(rows_in, |_| ControlFlow::Continue(())).unwrap(), u64::try_from(rows.len()).unwrap());
    table.end().unwrap()
}

/// Sums in minor units, by column and currency.
type Sums = BTreeMap<(&'static str, &'static str), i128>;

fn add(sums: &mut Sums, column: &'static str, amount: Option<Money>) {
    if let Some(amount) = amount {
        *sums.entry((column, amount.currency().code())).or_default() += i128::from(amount.minor());
    }
}

/// What each amount column of these rows comes to.
fn sums(rows: &[PaymentRow]) -> Sums {
    let mut sums = Sums::new();
    for row in rows {
        add(&mut sums, "owed", row.owed);
        add(&mut sums, "total", row.total.map(|total| total.amount));
        add(&mut sums, "commission", row.commission());
        add(&mut sums, "reversed", row.total.and_then(|total| total.reversed()));
    }
    sums
}

/// The place of a column.
fn place(name: &str) -> usize {
    crate::COLUMNS.iter().position(|column| column.name == name).unwrap()
}

/// The columns with texts of others, and what stands in each of a row.
fn texts(row: &PaymentRow) -> [(&'static str, Option<&str>); 10] {
    let (order, booking) = match &row.subject {
        Some(crate::Subject::Order(order)) => (Some(order.as_str()), None),
        Some(crate::Subject::Booking { number, .. }) => (None, Some(number.as_str())),
        None => (None, None),
    };
    [
        ("desk", Some(&row.desk)),
        ("operator", row.operator.as_deref()),
        ("account", Some(row.account.as_str())),
        ("order", order),
        ("booking", booking),
        ("holder", row.holder.as_deref()),
        ("reason_text", row.reason_text.as_deref()),
        ("gateway_payment", row.gateway_payment.as_deref()),
        ("gateway_reference", row.gateway_reference.as_deref()),
        ("authorisation", row.authorisation.as_deref()),
    ]
}
