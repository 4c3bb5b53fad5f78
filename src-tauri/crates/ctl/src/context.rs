//! What every verb starts from, and the readings that several verbs share.

use std::collections::HashMap;
use std::path::PathBuf;

use tokio::sync::mpsc;
use vezne_core::ids::{AttemptId, OperatorId, PaymentId};
use vezne_core::money::{Currency, Money, typed};
use vezne_core::ports::{Journal as _, Ports};
use vezne_core::search::{Named, named};
use vezne_core::text::{TypedText, fold};
use vezne_core::time::Timestamp;
use vezne_home::{
    Home, HomeFault, Notice, OpenReading, OpenTill, Opening, PagesFrom, SettingsFrom, Started, secret_variables,
};
use vezne_till::Authority;
use vezne_vault::PassphraseSource;
use zeroize::Zeroizing;

use crate::args::{OPEN_PAGE, RightArgs};
use crate::failure::Failure;
use crate::messages::Code;
use crate::output::Output;
use crate::stdin;

/// The longest name of an operator, in characters.
pub(crate) const NAME_CHARS: usize = 40;

/// What to do about a journal whose file is gone.
const PUT_BACK: &str = "Put it, or a copy of it, back as";
/// What that means where there is none anywhere.
const OR_ELSE: &str = "If there is none anywhere, the next payment begins a new journal, which says what is missing; what was \
paid before stands only in the gateway's portal.";

/// The home and the output of one run.
pub(crate) struct Context {
    pub(crate) home: Home,
    pub(crate) output: Output,
}

impl Context {
    pub(crate) fn new(home: Option<PathBuf>, output: Output) -> Result<Self, (Output, Failure)> {
        match Home::locate(home) {
            Ok(home) => Ok(Self { home, output }),
            Err(fault) => Err((output, fault.into())),
        }
    }

    /// How the home is opened, and where news about the bank's page arrive.
    pub(crate) fn opening(&self) -> (Opening, mpsc::UnboundedReceiver<Notice>) {
        let (tell, news) = mpsc::unbounded_channel();
        let opener = Started {
            arguments: vec![OPEN_PAGE.into()],
            // Settings that can't be read open no till, and so no page.
            hidden: secret_variables(self.home.settings().ok().as_ref()),
        };
        let opening = Opening {
            program: "veznectl",
            passphrase: PassphraseSource::prompt(stdin::passphrase),
            settings: SettingsFrom::File,
            logins: HashMap::new(),
            opener: opener.opener(),
            // Nobody listens any more at the very end, and nothing is lost then.
            notices: std::sync::Arc::new(move |notice| drop(tell.send(notice))),
            pages: PagesFrom::Loopback,
            settings_may_be_missing: false,
            // Each verb is a program of its own, and soon over.
            care: None,
            new_chain_key: false,
        };
        (opening, news)
    }

    /// The journal, to look at. One that was there and is gone is told as gone, never as none yet.
    pub(crate) async fn open_reading(&self, opening: &Opening) -> Result<OpenReading, Failure> {
        self.home.open_reading(opening).await.map_err(|fault| self.of_reading(fault))
    }

    fn of_reading(&self, fault: HomeFault) -> Failure {
        if matches!(fault, HomeFault::NoJournal(_)) && self.journal_is_missed() {
            return self.gone();
        }
        fault.into()
    }

    /// Whether a journal was here once, and its file is not: the marker beside it says how far it went.
    pub(crate) fn journal_is_missed(&self) -> bool {
        !self.has_journal() && self.home.folder().join("journal.head").exists()
    }

    fn has_journal(&self) -> bool {
        std::fs::metadata(self.home.folder().join("journal.db")).is_ok_and(|found| found.len() > 0)
    }

    /// A journal that was here and is gone, with no backup to take it from.
    pub(crate) fn gone(&self) -> Failure {
        let place = self.home.folder().join("journal.db").display().to_string();
        let failure = Failure::environment(Code::Gone).because(format!(
            "{place} was there, as journal.head beside it says, and no backup of it is in this folder."
        ));
        Failure { next: Some(format!("{PUT_BACK} {place}. {OR_ELSE}")), ..failure }
    }

    /// Refuses where there is no journal: asking, settling and giving back need what one holds, and an empty one made
    /// for them would say that there never was anything.
    pub(crate) async fn needs_journal(&self, opening: &Opening) -> Result<(), Failure> {
        if self.has_journal() {
            return Ok(());
        }
        self.home.settings()?;
        match self.home.open_reading(opening).await {
            Err(fault) if matches!(fault, HomeFault::NoJournal(_) | HomeFault::Gone(_)) => Err(self.of_reading(fault)),
            // Whatever else is wrong with it is found by whoever opens it for writing, and perhaps mended.
            Err(_) => Ok(()),
            Ok(reading) => {
                reading.journal.close().await;
                Ok(())
            }
        }
    }

    /// Puts the till together about a journal that is there.
    pub(crate) async fn open_standing(&self, opening: Opening) -> Result<OpenTill, Failure> {
        self.needs_journal(&opening).await?;
        self.open_till(opening).await
    }

    /// Puts the till together and says what should not be overlooked.
    pub(crate) async fn open_till(&self, opening: Opening) -> Result<OpenTill, Failure> {
        let open = self.home.open_till(opening).await?;
        if let Some(missing) = &open.start.missing {
            let zone = zone(&self.home);
            self.output.warn(&format!(
                "  A backup was restored: what was written between {} and {} is missing.",
                local(missing.from, &zone),
                local(missing.until, &zone)
            ));
        }
        Ok(open)
    }
}

/// Does what may wait for a person or a pipe on a thread of its own.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|_| Err(Failure::environment(Code::Closing)))
}

/// The account's id by its name.
pub(crate) fn account(open: &mut OpenTill, name: &str) -> Result<vezne_core::ids::AccountId, Failure> {
    let names: Vec<&str> = open.settings.accounts.iter().map(|account| account.name.as_str()).collect();
    let known =
        if names.is_empty() { "There is none.".to_owned() } else { format!("There are: {}.", names.join(", ")) };
    open.account(name)?.ok_or_else(|| Failure::arguments(Code::UnknownAccount).because(known))
}

/// A currency as it stands in the arguments.
pub(crate) fn currency(text: &str) -> Result<Currency, Failure> {
    text.parse().map_err(|error| Failure::refused(Code::Currency).because(error))
}

/// An amount as it stands in the arguments: a dot only.
pub(crate) fn amount(text: &str, currency: Currency) -> Result<Money, Failure> {
    typed::read_cli(text, currency).map_err(|error| Failure::refused(Code::Amount).because(error))
}

/// An id of a kind; the error never repeats what was given.
pub(crate) fn id<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|error| Failure::refused(Code::Id).because(error))
}

/// A free text.
pub(crate) fn text(what: &str, typed: &str) -> Result<TypedText, Failure> {
    typed.parse().map_err(|error| Failure::text(what, error))
}

/// The right that `--as` and `--reason` claim, with a PIN that was read already; `None` when neither is there.
pub(crate) fn authority(right: &RightArgs, pin: Option<Zeroizing<String>>) -> Result<Option<Authority>, Failure> {
    let Some((name, reason)) = claimed(right)? else { return Ok(None) };
    let pin = pin.ok_or_else(|| Failure::refused(Code::PinMissing))?;
    Ok(Some(Authority { name: name.to_owned(), pin, reason }))
}

/// The right that an act needs in any case, its PIN on standard input.
pub(crate) fn needed_authority(right: &RightArgs) -> Result<Authority, Failure> {
    let needs = || Failure::refused(Code::NeedsSupervisor);
    claimed(right)?.ok_or_else(needs)?;
    let pin = stdin::pins(&["the supervisor's PIN"])?.pop();
    authority(right, pin)?.ok_or_else(needs)
}

/// Who claims a right, and why: both or neither.
pub(crate) fn claimed(right: &RightArgs) -> Result<Option<(&str, TypedText)>, Failure> {
    match (right.supervisor.as_deref(), right.reason.as_deref()) {
        (None, None) => Ok(None),
        (None, Some(_)) => Err(Failure::refused(Code::NeedsSupervisor)),
        (Some(_), None) => Err(Failure::refused(Code::ReasonMissing)),
        (Some(name), Some(reason)) => Ok(Some((name, text("--reason", reason)?))),
    }
}

/// The operator of this name.
pub(crate) async fn operator(ports: &Ports, name: Option<&str>) -> Result<Option<OperatorId>, Failure> {
    let Some(name) = name else { return Ok(None) };
    let operators = ports.journal.operators().await?;
    let found = operators.iter().find(|operator| fold(operator.name.as_str()) == fold(name.trim()));
    found.map(|operator| Some(operator.id)).ok_or_else(|| Failure::refused(Code::UnknownOperator))
}

/// A payment by its own id, by that of one of its attempts or reversals, or by its link.
pub(crate) async fn payment(journal: &vezne_journal::Journal, given: &str) -> Result<PaymentId, Failure> {
    let not_found = || Failure::refused(Code::NotFound);
    match named(given) {
        Some(Named::Payment(payment)) => Ok(payment),
        Some(Named::Attempt(attempt)) => Ok(journal.attempt(attempt).await?.ok_or_else(not_found)?.intent.payment),
        Some(Named::Reversal(reversal)) => Ok(journal.reversal(reversal).await?.ok_or_else(not_found)?.intent.payment),
        None => id(given),
    }
}

/// Of what money goes back: a payment, and which of its attempts where the id is that of an attempt or of a reversal.
pub(crate) async fn returned(
    journal: &vezne_journal::Journal,
    given: &str,
) -> Result<(PaymentId, Option<AttemptId>), Failure> {
    let attempt = match named(given) {
        Some(Named::Attempt(attempt)) => Some(attempt),
        Some(Named::Reversal(reversal)) => journal.reversal(reversal).await?.map(|found| found.intent.attempt),
        Some(Named::Payment(_)) | None => None,
    };
    Ok((payment(journal, given).await?, attempt))
}

/// A day in the desk's time zone: when it begins.
pub(crate) fn day(text: &str, zone: &jiff::tz::TimeZone) -> Result<Timestamp, Failure> {
    let wrong = || Failure::arguments(Code::Day);
    let date: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
    let begins = date.to_zoned(zone.clone()).map_err(|_| wrong())?;
    Ok(begins.timestamp().into())
}

/// The end of a day in the desk's time zone.
pub(crate) fn end_of_day(text: &str, zone: &jiff::tz::TimeZone) -> Result<Timestamp, Failure> {
    let wrong = || Failure::arguments(Code::Day);
    let date: jiff::civil::Date = text.parse().map_err(|_| wrong())?;
    let next = date.tomorrow().map_err(|_| wrong())?.to_zoned(zone.clone()).map_err(|_| wrong())?;
    Ok(next.timestamp().into())
}

/// The desk's time zone as far as the settings can be read; UTC otherwise.
pub(crate) fn zone(home: &Home) -> jiff::tz::TimeZone {
    let name = home.settings().map(|settings| settings.desk.timezone);
    name.ok().and_then(|name| jiff::tz::TimeZone::get(&name).ok()).unwrap_or(jiff::tz::TimeZone::UTC)
}

/// A moment for a person, in the desk's time zone.
pub(crate) fn local(moment: Timestamp, zone: &jiff::tz::TimeZone) -> String {
    moment.to_jiff().to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}
