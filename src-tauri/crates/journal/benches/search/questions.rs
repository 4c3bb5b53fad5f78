//! What is asked.

use crate::made;

/// A kind of question.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// The search line of the nth question.
    pub(crate) line: Box<dyn Fn(u64) -> String>,
    /// The number of the payment behind which the page begins; the newest page without one.
    pub(crate) after: Option<u64>,
    pub(crate) finds: bool,
}

fn kind(name: &'static str, line: impl Fn(u64) -> String + 'static) -> Kind {
    Kind { name, line: Box::new(line), after: None, finds: true }
}

fn fixed(name: &'static str, line: &'static str) -> Kind {
    kind(name, move |_| line.to_owned())
}

/// A payment that is somewhere else for each question.
fn some(number: u64, payments: u64) -> u64 {
    number.wrapping_mul(7_919_333) % payments + 1
}

/// Every kind of question, the one that others are measured against first.
pub(crate) fn kinds(payments: u64) -> Vec<Kind> {
    let at = move |number| some(number, payments);
    vec![
        fixed("newest page, no condition", ""),
        Kind { after: Some(payments / 2), ..fixed("a page in the middle, no condition", "") },
        kind("reference, whole", move |n| made::subject(at(n))),
        kind("order, its last five digits", move |n| made::tail(at(n))),
        kind("reference, growing letter by letter", |n| "RES-0214-"[..1 + n as usize % 9].to_owned()),
        kind("attempt reference", move |n| made::reference(at(n))),
        kind("last four", |n| format!("{:04}", n * 37 % 10_000)),
        kind("amount 545", |n| format!("{}", 100 + n)),
        kind("amount 545,00", |n| format!("{},00", 100 + n)),
        kind("amount 545.00", |n| format!("{}.00", 100 + n)),
        kind("holder, first name", |n| made::FIRST[n as usize % made::FIRST.len()].to_lowercase()),
        kind("holder, Turkish letters typed plainly", |n| {
            vezne_core::text::fold(made::LAST[n as usize % made::LAST.len()])
        }),
        kind("holder, growing letter by letter", |n| "yıldırım"[..[1, 3, 4, 5, 7, 8, 10][n as usize % 7]].to_owned()),
        kind("holder, both names", |n| {
            format!("{} {}", made::FIRST[n as usize % made::FIRST.len()], made::LAST[n as usize / 3 % made::LAST.len()])
        }),
        fixed("outcome: approved (most)", "approved"),
        fixed("outcome: declined (one in ten)", "declined"),
        fixed("outcome: not known (one in ten thousand)", "unknown"),
        fixed("today", "today"),
        kind("one day", |n| made::day(n % 300)),
        kind("a range of days", |n| format!("{}..{}", made::day(n % 200), made::day(n % 200 + 40))),
        fixed("a year", "2026-01-01..2026-12-31"),
        kind("operator", |n| made::OPERATORS[n as usize % made::OPERATORS.len()].to_owned()),
        kind("account", |n| made::ACCOUNTS[n as usize % made::ACCOUNTS.len()].1.to_owned()),
        kind("plan", |n| format!("{}x", [1, 3, 6, 12][n as usize % 4])),
        kind("a name, an amount, an outcome, a month", |n| {
            let first = made::FIRST[n as usize % made::FIRST.len()];
            format!("{first} {} declined {}..", 100 + n % 40, made::day(40))
        }),
        Kind { after: Some(payments / 2), ..fixed("an outcome, a page in the middle", "declined") },
        Kind { after: Some(payments / 2), ..fixed("a name and an outcome, a page in the middle", "ayşe declined") },
        Kind { finds: false, ..fixed("two things that never meet", "unknown 12x") },
        Kind { finds: false, ..fixed("nothing is called so", "fatmagül 545,00") },
        kind("a pasted link", move |n| vezne_core::search::link(made::payment(at(n)))),
    ]
}
