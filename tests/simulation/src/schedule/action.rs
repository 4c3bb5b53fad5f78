//! What people at the desk do, one after the other.

use std::fmt;
use std::str::FromStr;

use super::fault::NotASchedule;

/// How a person's word stands to the truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Says {
    /// What the gateway's own books say.
    Truth,
    /// That it was paid.
    Yes,
    /// That it was not.
    No,
}

impl Says {
    const ALL: [(Self, &'static str); 3] = [(Self::Truth, "truth"), (Self::Yes, "yes"), (Self::No, "no")];
}

/// One thing that somebody at the desk does. `who` is a customer's number in the scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Serves a customer as a careful cashier does: pays, waits, pays again after "no" or after a start of the desk, as
    /// long as the desk lets it.
    Serve(usize),
    /// Presses Pay and does not wait for what becomes of it.
    Pay(usize),
    /// Presses Pay twice at once.
    PayTwice(usize),
    /// Waits so many seconds for the customer's newest attempt to have an outcome.
    Await(usize, u32),
    /// Waits so many seconds.
    Wait(u32),
    /// Presses Cancel.
    Cancel(usize),
    /// Closes the bank's window.
    CloseWindow(usize),
    /// "Open in the browser instead".
    MovePage(usize),
    /// "Ask again".
    Ask(usize),
    /// A supervisor sets the newest attempt aside: another card now.
    SetAside(usize),
    /// A supervisor settles it.
    Resolve(usize, Says),
    /// The same word twice at once.
    ResolveTwice(usize, Says),
    /// A supervisor lets another payment stand beside the newest attempt.
    Override(usize),
    /// A void of what the customer paid.
    Void(usize),
    /// A refund of so many per cent.
    Refund(usize, u8),
    /// The same refund asked for twice at once.
    RefundTwice(usize, u8),
    /// "Ask again" about the reversal.
    AskReversal(usize),
    /// A supervisor settles the reversal.
    ResolveReversal(usize, Says),
    /// A supervisor has seen the reversal's alarms.
    SeeReversal(usize),
    /// So many per cent are given back in the gateway's own portal, and a supervisor writes that down.
    Portal(usize, u8),
    /// The desk is closed and started again after so many seconds.
    Restart(u32),
    /// The desk's process is killed and started again after so many seconds.
    Kill(u32),
    /// The program is started a second time.
    SecondStart,
    /// The time of day jumps by so many seconds.
    Clock(i32),
    /// A forged return that says "success", as the window's own page.
    Forge(usize),
    /// New sale: every card is forgotten.
    Forget,
    /// The day is closed.
    CloseDay,
    /// The last close is compared with the gateways.
    Compare,
}

impl Action {
    /// What it is called in a schedule, without its numbers.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Serve(_) => "serve",
            Self::Pay(_) => "pay",
            Self::PayTwice(_) => "pay-twice",
            Self::Await(_, _) => "await",
            Self::Wait(_) => "wait",
            Self::Cancel(_) => "cancel",
            Self::CloseWindow(_) => "close-window",
            Self::MovePage(_) => "move-page",
            Self::Ask(_) => "ask",
            Self::SetAside(_) => "set-aside",
            Self::Resolve(_, _) => "resolve",
            Self::ResolveTwice(_, _) => "resolve-twice",
            Self::Override(_) => "override",
            Self::Void(_) => "void",
            Self::Refund(_, _) => "refund",
            Self::RefundTwice(_, _) => "refund-twice",
            Self::AskReversal(_) => "ask-reversal",
            Self::ResolveReversal(_, _) => "resolve-reversal",
            Self::SeeReversal(_) => "see-reversal",
            Self::Portal(_, _) => "portal",
            Self::Restart(_) => "restart",
            Self::Kill(_) => "kill",
            Self::SecondStart => "second-start",
            Self::Clock(_) => "clock",
            Self::Forge(_) => "forge",
            Self::Forget => "forget",
            Self::CloseDay => "close-day",
            Self::Compare => "compare",
        }
    }
}

impl fmt::Display for Says {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(Self::ALL.iter().find(|(says, _)| says == self).map_or("?", |(_, word)| word))
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())?;
        match self {
            Self::Serve(who)
            | Self::Pay(who)
            | Self::PayTwice(who)
            | Self::Cancel(who)
            | Self::CloseWindow(who)
            | Self::MovePage(who)
            | Self::Ask(who)
            | Self::SetAside(who)
            | Self::Override(who)
            | Self::Void(who)
            | Self::AskReversal(who)
            | Self::SeeReversal(who)
            | Self::Forge(who) => write!(formatter, ".{who}"),
            Self::Await(who, seconds) => write!(formatter, ".{who}.{seconds}"),
            Self::Resolve(who, says) | Self::ResolveTwice(who, says) | Self::ResolveReversal(who, says) => {
                write!(formatter, ".{who}.{says}")
            }
            Self::Refund(who, percent) | Self::RefundTwice(who, percent) | Self::Portal(who, percent) => {
                write!(formatter, ".{who}.{percent}")
            }
            Self::Wait(seconds) | Self::Restart(seconds) | Self::Kill(seconds) => write!(formatter, ".{seconds}"),
            Self::Clock(seconds) => write!(formatter, ".{seconds}"),
            Self::SecondStart | Self::Forget | Self::CloseDay | Self::Compare => Ok(()),
        }
    }
}

impl FromStr for Says {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|(_, word)| *word == text);
        found.map(|(says, _)| *says).ok_or_else(|| NotASchedule(format!("word {text:?}")))
    }
}

fn number<T: FromStr>(text: Option<&&str>) -> Result<T, NotASchedule> {
    let text = text.copied().unwrap_or_default();
    text.parse().map_err(|_| NotASchedule(format!("number {text:?}")))
}

impl FromStr for Action {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parts: Vec<&str> = text.split('.').collect();
        let (first, second) = (parts.get(1), parts.get(2));
        let who = || number(first);
        let says = || second.copied().unwrap_or_default().parse();
        Ok(match parts.first().copied().unwrap_or_default() {
            "serve" => Self::Serve(who()?),
            "pay" => Self::Pay(who()?),
            "pay-twice" => Self::PayTwice(who()?),
            "await" => Self::Await(who()?, number(second)?),
            "wait" => Self::Wait(number(first)?),
            "cancel" => Self::Cancel(who()?),
            "close-window" => Self::CloseWindow(who()?),
            "move-page" => Self::MovePage(who()?),
            "ask" => Self::Ask(who()?),
            "set-aside" => Self::SetAside(who()?),
            "resolve" => Self::Resolve(who()?, says()?),
            "resolve-twice" => Self::ResolveTwice(who()?, says()?),
            "override" => Self::Override(who()?),
            "void" => Self::Void(who()?),
            "refund" => Self::Refund(who()?, number(second)?),
            "refund-twice" => Self::RefundTwice(who()?, number(second)?),
            "ask-reversal" => Self::AskReversal(who()?),
            "resolve-reversal" => Self::ResolveReversal(who()?, says()?),
            "see-reversal" => Self::SeeReversal(who()?),
            "portal" => Self::Portal(who()?, number(second)?),
            "restart" => Self::Restart(number(first)?),
            "kill" => Self::Kill(number(first)?),
            "second-start" => Self::SecondStart,
            "clock" => Self::Clock(number(first)?),
            "forge" => Self::Forge(who()?),
            "forget" => Self::Forget,
            "close-day" => Self::CloseDay,
            "compare" => Self::Compare,
            _ => return Err(NotASchedule(format!("action {text:?}"))),
        })
    }
}
