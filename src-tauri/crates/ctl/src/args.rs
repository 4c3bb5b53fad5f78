//! The arguments. What is refused here ends with 2; what a value means is read later and refused with 40.

mod close;
mod list;
mod printer;
mod receipt;

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::close::{CloseArgs, ClosePaperArgs, CloseVerb, LinesArg};
pub(crate) use self::list::{ListArgs, OutcomeArg};
pub(crate) use self::printer::{PrinterVerb, SeenArg};
pub(crate) use self::receipt::{LanguageArg, PaperArg, ReceiptArgs};

/// Vezne without a window: takes payments, asks about them, and looks after the journal.
#[derive(Debug, Parser)]
#[command(name = "veznectl", version, disable_help_subcommand = true, max_term_width = 110)]
pub(crate) struct Cli {
    /// The home folder with config.toml, journal.db and logs/ [default: VEZNE_HOME, else the platform's data folder]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) home: Option<PathBuf>,
    /// One JSON object a line
    #[arg(long, global = true, overrides_with = "json")]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Practice gateways and a practice bank on this machine; the first line tells their addresses
    Sandbox(SandboxArgs),
    /// Take a payment
    Pay(Box<PayArgs>),
    /// What a card may pay, and how
    Options(OptionsArgs),
    /// Payments: show, list, ask, note, void, refund, set aside, resolve
    #[command(subcommand)]
    Payment(PaymentVerb),
    /// The receipt printer's queue: list, answer, cancel, try now
    #[command(subcommand)]
    Printer(PrinterVerb),
    /// Operators of the desk
    #[command(subcommand)]
    Operator(OperatorVerb),
    /// Close the day; list, show and compare earlier closes
    Close(CloseArgs),
    /// The journal: verify, export, back up, rebuild
    #[command(subcommand)]
    Journal(JournalVerb),
    /// Check the desk: folder, configuration, journal, keys, clock, disk, accounts
    Doctor(DoctorArgs),
    /// Open the address on standard input: what this program starts itself with for the bank's page
    #[command(name = OPEN_PAGE, hide = true)]
    OpenPage,
}

/// The verb that this program starts itself with, so that a browser does not inherit its secrets.
pub(crate) const OPEN_PAGE: &str = "open-page";

#[derive(Debug, Args)]
pub(crate) struct SandboxArgs {
    /// The port on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 0)]
    pub(crate) port: u16,
    /// Rules for what goes wrong (TOML or JSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) faults: Option<PathBuf>,
    /// Print a ready config.toml for these addresses after the first line
    #[arg(long)]
    pub(crate) config: bool,
    /// Write a ready config.toml, and practice.env with the practice logins, into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) write_home: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("subject").required(true).args(["order", "reference"]))]
#[command(group = ArgGroup::new("means").required(true).args(["from_limit", "card_stdin"]))]
pub(crate) struct PayArgs {
    /// The merchant account
    #[arg(long, value_name = "NAME")]
    pub(crate) account: String,
    /// The order to pay (Yolcu360)
    #[arg(long, value_name = "ID")]
    pub(crate) order: Option<String>,
    /// The desk's own booking number (Finrota)
    #[arg(long, value_name = "R", requires = "amount", requires = "currency")]
    pub(crate) reference: Option<String>,
    /// The amount, with a dot: 545.00
    #[arg(long, value_name = "A", requires = "reference", allow_hyphen_values = true)]
    pub(crate) amount: Option<String>,
    /// The currency of the amounts
    #[arg(long, value_name = "TRY")]
    pub(crate) currency: Option<String>,
    /// Pay the order from the agency's credit limit
    #[arg(long, requires = "order", conflicts_with_all = ["reference", "card_stdin"])]
    pub(crate) from_limit: bool,
    /// Read the card as one JSON object from standard input
    #[arg(long)]
    pub(crate) card_stdin: bool,
    /// In how many installments
    #[arg(long, value_name = "N", default_value_t = 1, conflicts_with = "from_limit")]
    pub(crate) installments: u8,
    /// Without 3-D Secure; needs a supervisor
    #[arg(long, conflicts_with = "from_limit")]
    pub(crate) no_3ds: bool,
    /// The card program, where a card has several
    #[arg(long, value_name = "ID", conflicts_with = "from_limit")]
    pub(crate) program: Option<String>,
    /// Which part of the reference this is: rental, deposit, extra or a number
    #[arg(long, value_name = "PART", requires = "reference")]
    pub(crate) part: Option<String>,
    /// Pay beside this earlier attempt; needs a supervisor
    #[arg(long = "override", value_name = "ATTEMPT")]
    pub(crate) overrides: Option<String>,
    /// Who sits at the desk
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
    /// The amount a second time, where the account asks for it
    #[arg(long, value_name = "A", allow_hyphen_values = true)]
    pub(crate) confirm_amount: Option<String>,
    /// A second payment with the same card and amount is really meant
    #[arg(long)]
    pub(crate) twin_ok: bool,
    #[command(flatten)]
    pub(crate) right: RightArgs,
}

/// A supervisor's right, where it may be given. What is missing of it is no unreadable argument but a missing right: it is
/// refused with 40, not here.
#[derive(Debug, Clone, Args)]
pub(crate) struct RightArgs {
    /// The supervisor who agrees; their PIN comes on standard input
    #[arg(long = "as", id = "supervisor", value_name = "NAME")]
    pub(crate) supervisor: Option<String>,
    /// Why
    #[arg(long = "reason", id = "why", value_name = "TEXT")]
    pub(crate) reason: Option<String>,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("subject").required(true).args(["order", "amount"]))]
pub(crate) struct OptionsArgs {
    /// The merchant account
    #[arg(long, value_name = "NAME")]
    pub(crate) account: String,
    /// The order (Yolcu360)
    #[arg(long, value_name = "ID")]
    pub(crate) order: Option<String>,
    /// The amount, with a dot: 545.00 (Finrota)
    #[arg(long, value_name = "A", requires = "currency", allow_hyphen_values = true)]
    pub(crate) amount: Option<String>,
    /// The amount's currency
    #[arg(long, value_name = "TRY")]
    pub(crate) currency: Option<String>,
    /// The card's first six or eight digits
    #[arg(long, value_name = "DIGITS")]
    pub(crate) bin: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PaymentVerb {
    /// One payment with everything that happened to it
    Show {
        /// The payment, or one of its attempts
        id: String,
    },
    /// Attempts, newest first
    List(ListArgs),
    /// The receipt: shown, saved, printed or mailed. What leaves is counted, and the second one is a copy
    Receipt(ReceiptArgs),
    /// Ask the gateway what became of a payment, and wait for the answer
    Ask {
        /// The payment, or one of its attempts or reversals
        id: String,
    },
    /// Write a note down with a payment; it is never changed
    Note {
        /// The payment, or one of its attempts or reversals
        payment: String,
        /// The note
        #[arg(long, value_name = "TEXT")]
        text: String,
        /// Who writes it
        #[arg(long, value_name = "NAME")]
        operator: Option<String>,
    },
    /// Void a payment: the same day, all of it
    Void {
        /// The payment, or the attempt where two of it are approved
        payment: String,
        #[command(flatten)]
        right: RightArgs,
    },
    /// Refund a payment, or a part of it
    Refund {
        /// The payment, or the attempt where two of it are approved
        payment: String,
        /// How much; all that is left without it
        #[arg(long, value_name = "A", allow_hyphen_values = true)]
        amount: Option<String>,
        #[command(flatten)]
        right: RightArgs,
    },
    /// Write down what went back by hand in the gateway's own portal; nothing is sent
    RecordReturn {
        /// The payment, or the attempt where two of it are approved
        payment: String,
        /// How much went back; all that is left without it
        #[arg(long, value_name = "A", allow_hyphen_values = true)]
        amount: Option<String>,
        /// The portal's reference of it
        #[arg(long, value_name = "TEXT")]
        saw: String,
        /// The portal called it a void
        #[arg(long)]
        void: bool,
        /// Do not ask a second time on a terminal; elsewhere nobody is asked
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        right: RightArgs,
    },
    /// Set an unknown attempt aside, so that the customer can pay with another card
    SetAside {
        /// The attempt
        attempt: String,
        /// What was seen in the gateway's portal, where the gateway can't be asked
        #[arg(long, value_name = "TEXT")]
        saw: Option<String>,
        /// Do not ask a second time on a terminal; elsewhere nobody is asked
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        right: RightArgs,
    },
    /// Settle an unknown attempt or reversal by a supervisor's word, or enter the counter-entry after a contradiction
    Resolve {
        /// The attempt or reversal
        id: String,
        /// As what: an attempt is approved or declined, a reversal done or not-done; seen answers the alarm of one that is
        /// settled
        #[arg(long, value_enum)]
        outcome: Resolution,
        /// What was seen: the portal's reference, a bank slip. On a terminal it is asked for; elsewhere "not said" is written down
        /// without it
        #[arg(long, value_name = "TEXT")]
        saw: Option<String>,
        /// Do not ask a second time on a terminal; elsewhere nobody is asked
        #[arg(long)]
        yes: bool,
        #[command(flatten)]
        right: RightArgs,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Resolution {
    Approved,
    Declined,
    Done,
    NotDone,
    /// The alarm of a reversal that is settled has been seen
    Seen,
}

#[derive(Debug, Subcommand)]
pub(crate) enum OperatorVerb {
    /// Add an operator; the PIN is the first line of standard input (with --as, the supervisor's PIN the second)
    Add {
        /// The name
        #[arg(long)]
        name: String,
        /// The role
        #[arg(long, value_enum)]
        role: RoleArg,
        #[command(flatten)]
        right: RightArgs,
    },
    /// All operators
    List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleArg {
    Cashier,
    Supervisor,
}

#[derive(Debug, Subcommand)]
pub(crate) enum JournalVerb {
    /// Check that the journal still says what was written
    Verify {
        /// An anchor as a day close was printed with it: does the journal still give it?
        #[arg(long = "anchor", value_name = "ANCHOR")]
        anchors: Vec<String>,
        /// Compare every term of the search index too, which takes several times as long
        #[arg(long)]
        deep: bool,
    },
    /// Write payments (with their reversals) or events to standard output or a file
    Export(ExportArgs),
    /// Make a verified copy
    Backup {
        /// Where to; nothing is overwritten. Without it: among the home's own backups, of which the last seven are kept
        file: Option<PathBuf>,
    },
    /// Set a damaged journal aside and put together what it and the backups still hold
    Repair {
        /// A backup from elsewhere to look into, before the home's own
        #[arg(long = "from", value_name = "FILE")]
        more: Vec<PathBuf>,
    },
    /// Make the projections anew from the events
    Rebuild {
        /// Begin a new epoch with a new key, because the old key is lost for good
        #[arg(long)]
        key_is_lost: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    /// What to write
    #[arg(long, value_enum, default_value = "payments")]
    pub(crate) what: ExportWhat,
    /// How to write payments; events are always JSON lines [default: csv; jsonl with --json]
    #[arg(long, value_enum)]
    pub(crate) format: Option<ExportFormat>,
    /// In which language titles, words and (in CSV) separators are; else the desk's
    #[arg(long, value_enum)]
    pub(crate) language: Option<ExportLanguage>,
    /// Only those with this outcome
    #[arg(long, value_enum)]
    pub(crate) outcome: Option<OutcomeArg>,
    /// Only those of this merchant account
    #[arg(long, value_name = "NAME")]
    pub(crate) account: Option<String>,
    /// Only those of this operator
    #[arg(long, value_name = "NAME")]
    pub(crate) operator: Option<String>,
    /// Only those in so many installments; "limit" for the credit limit
    #[arg(long, value_name = "N")]
    pub(crate) plan: Option<String>,
    /// Without the lines of voids and refunds
    #[arg(long)]
    pub(crate) no_reversals: bool,
    /// From this day on
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) from: Option<String>,
    /// To the end of this day
    #[arg(long = "to", visible_alias = "until", value_name = "YYYY-MM-DD")]
    pub(crate) until: Option<String>,
    /// Into this file instead of standard output; nothing is overwritten
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportWhat {
    Payments,
    Events,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    Csv,
    Jsonl,
    Xlsx,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportLanguage {
    En,
    Tr,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Ask the gateways too: sign in, and ask about a made-up payment
    #[arg(long)]
    pub(crate) online: bool,
}

/// The verbs of `payment` that may be said without it.
const DIRECT: [&str; 10] =
    ["show", "receipt", "list", "ask", "note", "void", "refund", "record-return", "set-aside", "resolve"];

/// `veznectl list` stands for `veznectl payment list`.
pub(crate) fn with_payment(arguments: Vec<std::ffi::OsString>) -> Vec<std::ffi::OsString> {
    let mut taken = Vec::with_capacity(arguments.len().saturating_add(1));
    let (mut verb_seen, mut value_follows) = (false, false);
    for (place, argument) in arguments.into_iter().enumerate() {
        let text = argument.to_str().unwrap_or_default();
        if place > 0 && !verb_seen && !value_follows && !text.starts_with('-') {
            verb_seen = true;
            if DIRECT.contains(&text) {
                taken.push("payment".into());
            }
        }
        value_follows = text == "--home";
        taken.push(argument);
    }
    taken
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn read(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(with_payment(line.split(' ').map(Into::into).collect()))
    }

    #[test]
    fn the_arguments_fit_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_line_of_the_product_is_read() {
        for line in [
            "veznectl sandbox --port 0 --faults f.toml",
            "veznectl pay --account a --order o --from-limit",
            "veznectl pay --account a --order o --card-stdin --installments 3 --no-3ds --as n --reason t",
            "veznectl pay --account a --reference r --amount 545.00 --currency TRY --card-stdin --program 7",
            "veznectl pay --account a --reference r --amount 1 --currency TRY --card-stdin --override x --as n --reason t",
            "veznectl options --account a --order o --bin 415565",
            "veznectl options --account a --amount 1.00 --currency TRY --bin 415565",
            "veznectl payment show pay_1",
            "veznectl --home list ask pay_1 --json",
            "veznectl --json list --outcome not_sent",
            "veznectl --json list --json",
            "veznectl list --day 2026-11-21 --operator Ayşe --plan 3 --after att_1",
            "veznectl note pay_1 --text x",
            "veznectl payment note pay_1 --text x --operator Ayşe --json",
            "veznectl payment refund pay_1 --amount 1.00",
            "veznectl record-return pay_1 --amount 1.00 --saw P-1 --as n --reason t --yes",
            "veznectl resolve rev_1 --outcome seen --as n --reason t",
            "veznectl payment receipt pay_1 --attempt att_1 --lang tr --text",
            "veznectl receipt pay_1 --reversal rev_1 --pdf r.pdf --json",
            "veznectl payment receipt pay_1 --print",
            "veznectl resolve rev_1 --outcome not-done --as n --reason t",
            "veznectl set-aside att_1 --as n --reason t --yes",
            // A right that is not whole is refused with 40 later.
            "veznectl pay --account a --order o --card-stdin --override x",
            "veznectl pay --account a --order o --from-limit --as n",
            "veznectl void pay_1 --reason t",
            "veznectl operator add --name n --role cashier",
            "veznectl journal export --what events --format jsonl",
            "veznectl journal export --operator Ayşe --plan limit --account a",
            "veznectl journal export --format xlsx --from 2026-11-01 --to 2026-11-30 --language tr november.xlsx",
            "veznectl doctor --online",
            "veznectl close",
            "veznectl close --operator n --json",
            "veznectl close --as n --reason t",
            "veznectl close list",
            "veznectl close show 3 --lang tr",
            "veznectl close show --lines csv",
            "veznectl close show 3 --pdf close.pdf --by n",
            "veznectl close show --print --json",
            "veznectl close compare 3",
            "veznectl journal verify --anchor 3-AAAA-BBBB-CCCC-DDDD",
        ] {
            assert!(read(line).is_ok(), "{line}: {}", read(line).unwrap_err());
        }
    }

    #[test]
    fn what_does_not_fit_together_is_refused() {
        for line in [
            "veznectl",
            "veznectl pay --account a",
            "veznectl pay --account a --order o",
            "veznectl pay --account a --order o --reference r --amount 1 --currency TRY --card-stdin",
            "veznectl pay --account a --order o --from-limit --card-stdin",
            "veznectl pay --account a --reference r --amount 1 --currency TRY --from-limit",
            "veznectl pay --account a --reference r --amount 1 --card-stdin",
            "veznectl payment receipt pay_1 --print --mail",
            "veznectl payment receipt pay_1 --attempt att_1 --reversal rev_1",
            "veznectl note pay_1",
            "veznectl list --day 2026-11-21 --from 2026-11-20",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
