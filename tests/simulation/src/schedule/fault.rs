//! Where something can go wrong, and what.

use std::fmt;
use std::str::FromStr;

use vezne_core::account::GatewayKind;

/// A place at which the desk's process touches the world. Each is passed many times in a run; the passings are counted
/// from 1, over all lives of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Boundary {
    /// The journal's file is opened at a start.
    DiskOpen,
    /// The journal is read.
    DiskRead,
    /// Events are written, not yet durable.
    DiskWrite,
    /// What was written is made durable.
    DiskSync,
    /// The transaction is committed.
    DiskCommit,
    /// The journal is opened anew after a fault.
    DiskReopen,
    /// A token is fetched.
    SignIn,
    /// The installment options are asked for.
    Options,
    /// The order is read before it is paid, or for the screen.
    Order,
    /// The payment.
    Pay,
    /// The status query.
    Status,
    /// `installment-info` as a second sign.
    Probe,
    /// What stands at the gateway before a reversal.
    BeforeReversal,
    /// The void, refund or cancel.
    Reverse,
    /// The question about a reversal.
    ReversalStatus,
    /// A return address is made.
    Address,
    /// The bank's page is opened.
    PageOpen,
    /// The bank's page is closed.
    PageClose,
    /// A return from the bank reaches the desk.
    Return,
    /// A PIN is checked.
    Pin,
}

impl Boundary {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::DiskOpen,
        Self::DiskRead,
        Self::DiskWrite,
        Self::DiskSync,
        Self::DiskCommit,
        Self::DiskReopen,
        Self::SignIn,
        Self::Options,
        Self::Order,
        Self::Pay,
        Self::Status,
        Self::Probe,
        Self::BeforeReversal,
        Self::Reverse,
        Self::ReversalStatus,
        Self::Address,
        Self::PageOpen,
        Self::PageClose,
        Self::Return,
        Self::Pin,
    ];

    /// Its word in a schedule.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::DiskOpen => "disk.open",
            Self::DiskRead => "disk.read",
            Self::DiskWrite => "disk.write",
            Self::DiskSync => "disk.sync",
            Self::DiskCommit => "disk.commit",
            Self::DiskReopen => "disk.reopen",
            Self::SignIn => "sign-in",
            Self::Options => "options",
            Self::Order => "order",
            Self::Pay => "pay",
            Self::Status => "status",
            Self::Probe => "probe",
            Self::BeforeReversal => "before-reversal",
            Self::Reverse => "reverse",
            Self::ReversalStatus => "reversal-status",
            Self::Address => "address",
            Self::PageOpen => "page.open",
            Self::PageClose => "page.close",
            Self::Return => "return",
            Self::Pin => "pin",
        }
    }

    /// Its place in [`Boundary::ALL`].
    #[must_use]
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|one| *one == self).unwrap_or(0)
    }
}

/// What goes wrong, or what else happens just then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// The desk's process dies there.
    Kill,
    /// The same, and whatever was not synced is gone.
    PowerCut,
    /// The process dies when the request has left: the gateway gets it all the same.
    KillSent,
    /// The time of day jumps an hour forward.
    ClockForward,
    /// The time of day is set an hour back.
    ClockBack,
    /// The time of day is set a year back.
    ClockYearBack,
    /// The disk refuses, once.
    DiskError,
    /// The disk is full, for half a minute.
    DiskFull,
    /// Only a part is written, and the disk says so.
    DiskTorn,
    /// No connection: no byte left.
    Refused,
    /// No TLS: no byte left.
    Tls,
    /// No answer in time; the request never arrived.
    TimeoutBefore,
    /// No answer in time; the request was processed.
    TimeoutAfter,
    /// No answer in time; the request is processed when nobody waits any more.
    ProcessedLate,
    /// The connection breaks before the request has arrived.
    ResetBefore,
    /// The connection breaks before the answer has come.
    ResetAfter,
    /// The gateway answers with this HTTP status and has not processed the request.
    Http(u16),
    /// The gateway has processed the request and answers with this HTTP status all the same.
    HttpAfter(u16),
    /// Code 2008 with this HTTP status; not processed.
    Code2008(u16),
    /// Code 2008 with this HTTP status; processed.
    Code2008After(u16),
    /// The token has expired: 401 until a new one is fetched.
    TokenExpired,
    /// 401, and no new token is to be had.
    LockedOut,
    /// A 401 that carries the bank's words; processed.
    UnauthorisedByBank,
    /// Processed; the answer's body is cut.
    Cut,
    /// Processed; the answer is nonsense.
    Garbage,
    /// Processed; the answer is some web page with status 200.
    WebPage,
    /// Processed; the answer comes a moment before nobody waits any more.
    Slow,
    /// The request arrives twice.
    Twice,
    /// The answer tells what was so a while ago.
    Stale,
    /// The gateway answers that it knows of no such thing, yet.
    NoTrace,
    /// A page or an address can't be had.
    Fails,
    /// What was to come is lost.
    Lost,
    /// A return says "success", out of an image.
    ForgedImage,
    /// A return says "success" as the window's own page.
    ForgedSuccess,
    /// A return says "failed" as the window's own page.
    ForgedFailure,
    /// Pay is pressed once more.
    PayAgain,
    /// The program is started a second time.
    SecondStart,
    /// Cancel is pressed.
    Cancel,
    /// The bank's window is closed by hand.
    CloseWindow,
    /// "Ask again" is pressed.
    AskAgain,
}

/// HTTP statuses that faults carry.
const STATUSES: [u16; 16] = [200, 302, 400, 402, 403, 404, 408, 409, 422, 429, 500, 501, 502, 503, 504, 507];

impl What {
    /// Every one without a number.
    const PLAIN: [(Self, &'static str); 37] = [
        (Self::Kill, "kill"),
        (Self::PowerCut, "power-cut"),
        (Self::KillSent, "kill-sent"),
        (Self::ClockForward, "clock-forward"),
        (Self::ClockBack, "clock-back"),
        (Self::ClockYearBack, "clock-year-back"),
        (Self::DiskError, "error"),
        (Self::DiskFull, "full"),
        (Self::DiskTorn, "torn"),
        (Self::Refused, "refused"),
        (Self::Tls, "tls"),
        (Self::TimeoutBefore, "timeout-before"),
        (Self::TimeoutAfter, "timeout-after"),
        (Self::ProcessedLate, "processed-late"),
        (Self::ResetBefore, "reset-before"),
        (Self::ResetAfter, "reset-after"),
        (Self::TokenExpired, "token-expired"),
        (Self::LockedOut, "locked-out"),
        (Self::UnauthorisedByBank, "401-by-bank"),
        (Self::Cut, "cut"),
        (Self::Garbage, "garbage"),
        (Self::WebPage, "web-page"),
        (Self::Slow, "slow"),
        (Self::Twice, "twice"),
        (Self::Stale, "stale"),
        (Self::NoTrace, "no-trace"),
        (Self::Fails, "fails"),
        (Self::Lost, "lost"),
        (Self::ForgedImage, "forged-image"),
        (Self::ForgedSuccess, "forged-success"),
        (Self::ForgedFailure, "forged-failure"),
        (Self::PayAgain, "pay-again"),
        (Self::SecondStart, "second-start"),
        (Self::Cancel, "cancel"),
        (Self::CloseWindow, "close-window"),
        (Self::AskAgain, "ask-again"),
        (Self::Http(0), "http"),
    ];

    /// Whether the desk's process ends by it.
    #[must_use]
    pub const fn ends_the_process(self) -> bool {
        matches!(self, Self::Kill | Self::PowerCut | Self::KillSent)
    }

    /// The word and the HTTP status of those that carry one.
    const fn numbered(self) -> Option<(&'static str, u16)> {
        if let Self::Http(status) = self {
            Some(("http", status))
        } else if let Self::HttpAfter(status) = self {
            Some(("http-after", status))
        } else if let Self::Code2008(status) = self {
            Some(("2008", status))
        } else if let Self::Code2008After(status) = self {
            Some(("2008-after", status))
        } else {
            None
        }
    }

    /// By how much the time of day jumps, in milliseconds.
    pub(crate) const fn jump(self) -> Option<i64> {
        if matches!(self, Self::ClockForward) {
            Some(3_600_000)
        } else if matches!(self, Self::ClockBack) {
            Some(-3_600_000)
        } else if matches!(self, Self::ClockYearBack) {
            Some(-365 * 86_400_000)
        } else {
            None
        }
    }

    /// Whether this gateway could do so. One that answers with what its document calls a decline, and has taken the money,
    /// lies outright; that is a behaviour of its own.
    #[must_use]
    pub const fn can_be_at(self, gateway: GatewayKind) -> bool {
        match gateway {
            GatewayKind::Finrota => true,
            GatewayKind::Yolcu360 => !matches!(self, Self::HttpAfter(402)),
        }
    }

    /// Whether the time of day jumps.
    #[must_use]
    pub const fn moves_the_clock(self) -> bool {
        self.jump().is_some()
    }

    /// Whether it is something else that happens just then, beside what the boundary does.
    #[must_use]
    pub const fn is_beside(self) -> bool {
        matches!(
            self,
            Self::ForgedImage
                | Self::ForgedSuccess
                | Self::ForgedFailure
                | Self::PayAgain
                | Self::SecondStart
                | Self::Cancel
                | Self::CloseWindow
                | Self::AskAgain
        )
    }
}

impl fmt::Display for What {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.numbered() {
            Some((word, status)) => write!(formatter, "{word}:{status}"),
            None => {
                formatter.write_str(Self::PLAIN.iter().find(|(what, _)| what == self).map_or("?", |(_, word)| word))
            }
        }
    }
}

/// A text that is no schedule, or no part of one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no schedule: {0}")]
pub struct NotASchedule(pub(crate) String);

impl FromStr for What {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotASchedule(format!("fault {text:?}"));
        if let Some((word, status)) = text.split_once(':') {
            let status: u16 = status.parse().map_err(|_| wrong())?;
            return match word {
                _ if !STATUSES.contains(&status) => Err(wrong()),
                "http" => Ok(Self::Http(status)),
                "http-after" => Ok(Self::HttpAfter(status)),
                "2008" => Ok(Self::Code2008(status)),
                "2008-after" => Ok(Self::Code2008After(status)),
                _ => Err(wrong()),
            };
        }
        let plain = Self::PLAIN.iter().find(|(what, word)| *word == text && *what != Self::Http(0));
        plain.map(|(what, _)| *what).ok_or_else(wrong)
    }
}

/// One thing that goes wrong at one passing of a boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fault {
    /// Where.
    pub at: Boundary,
    /// At which passing, from 1.
    pub nth: u16,
    /// What.
    pub what: What,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}#{}={}", self.at.word(), self.nth, self.what)
    }
}

impl FromStr for Fault {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotASchedule(format!("fault {text:?}"));
        let (place, what) = text.split_once('=').ok_or_else(wrong)?;
        let (word, nth) = place.split_once('#').ok_or_else(wrong)?;
        let at = Boundary::ALL.into_iter().find(|one| one.word() == word).ok_or_else(wrong)?;
        Ok(Self { at, nth: nth.parse().map_err(|_| wrong())?, what: what.parse()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_at_every_boundary_survives_its_text() {
        for at in Boundary::ALL {
            assert_eq!(Boundary::ALL[at.place()], at);
            for what in at.faults() {
                let fault = Fault { at, nth: 7, what: *what };
                assert_eq!(fault.to_string().parse(), Ok(fault), "{fault}");
            }
        }
        assert!("pay#1=http:499".parse::<Fault>().is_err());
        assert!("pay#1=http".parse::<Fault>().is_err());
    }
}
