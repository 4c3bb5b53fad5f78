//! `BROWSER=…/vezne-customer`: opens the address it is given, as the customer at the bank's page.
//!
//! `CUSTOMER` chooses what the customer does (see `vezne_tests::customer::Temper`), `CUSTOMER_LOG` names a file that each
//! step is told to. Card data is never part of a step.

use std::path::PathBuf;
use std::process::ExitCode;

use vezne_tests::customer::{Customer, Temper};

fn main() -> ExitCode {
    let word = std::env::var("CUSTOMER").unwrap_or_default();
    let log = std::env::var_os("CUSTOMER_LOG").map(PathBuf::from);
    let (Some(temper), Some(url), None) = (Temper::of(&word), std::env::args().nth(1), std::env::args().nth(2)) else {
        return ExitCode::from(2);
    };
    match Customer::new(temper, log.as_deref()).and_then(|mut customer| customer.open(&url)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
