//! What the program is started with.

use std::path::PathBuf;

use clap::Parser;
use vezne_core::search::{Named, named};

/// The argument with which the program opens the bank's page in the system's browser, and does nothing else: that
/// process is not given the till's secrets (`vezne_home::Started`).
pub const OPEN_PAGE: &str = "--open-page";

/// A desktop checkout that tells the truth about money.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "vezne", version)]
pub struct Arguments {
    /// The desk's home folder; else VEZNE_HOME, else the platform's data folder.
    #[arg(long, value_name = "DIR")]
    pub home: Option<PathBuf>,
    /// Begin in training mode: practice gateways inside the program, no money moves.
    #[arg(long)]
    pub training: bool,
    /// A payment to show: `vezne://payment/…`, as a colleague sent it. In a desk that runs already, it is shown there.
    #[arg(value_name = "LINK", value_parser = link)]
    pub link: Option<Named>,
    /// Open the bank's page whose address comes on standard input.
    #[arg(long, hide = true)]
    pub open_page: bool,
}

fn link(text: &str) -> Result<Named, &'static str> {
    named(text).ok_or("this is no link to a payment")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_agree_with_each_other_and_with_the_name_that_others_start() {
        Arguments::command().debug_assert();
        let started = Arguments::try_parse_from(["vezne", OPEN_PAGE]).unwrap();
        assert_eq!(started, Arguments { home: None, training: false, link: None, open_page: true });
    }

    #[test]
    fn a_home_and_training_are_told_apart() {
        let arguments = Arguments::try_parse_from(["vezne", "--home", "desk", "--training"]).unwrap();
        assert_eq!((arguments.home, arguments.training), (Some(PathBuf::from("desk")), true));
        assert!(Arguments::try_parse_from(["vezne", "somewhere"]).is_err());
        assert!(Arguments::try_parse_from(["vezne", "vezne://void/pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3"]).is_err());
        let shown = Arguments::try_parse_from(["vezne", "vezne://payment/pay_01JD7Z3GK8M2Q4R6T8V0X1Y2Z3"]).unwrap();
        assert!(matches!(shown.link, Some(Named::Payment(_))));
    }
}
