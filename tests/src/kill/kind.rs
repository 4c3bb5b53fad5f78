//! The kinds of payments that are killed.

use vezne_sandbox::Gateway;

/// A kind of payment that is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Finrota, without the bank's page.
    FinrotaDirect,
    /// Finrota, with a customer at the bank.
    FinrotaPage,
    /// Finrota, declined in one of many ways.
    FinrotaDeclined,
    /// Finrota, and its answers break, stay out or lie.
    FinrotaFaulty,
    /// A void or a refund at Finrota.
    FinrotaReversal,
    /// A Yolcu360 order by card, without the bank's page.
    OrderDirect,
    /// A Yolcu360 order by card, the bank's page as HTML.
    OrderPage,
    /// A Yolcu360 order from the agency's credit limit.
    OrderLimit,
    /// A Yolcu360 order, declined.
    OrderDeclined,
    /// A Yolcu360 order, and answers break, stay out or lie.
    OrderFaulty,
    /// A Yolcu360 order that is cancelled.
    OrderReversal,
    /// The very first payment of a home that has no journal yet.
    FirstStart,
    /// A sale in the desk's real window.
    Desk,
}

impl Kind {
    /// All of them, with how many of a thousand kills each gets.
    pub const ALL: [(Self, u32); 13] = [
        (Self::FinrotaDirect, 110),
        (Self::FinrotaPage, 180),
        (Self::FinrotaDeclined, 70),
        (Self::FinrotaFaulty, 120),
        (Self::FinrotaReversal, 80),
        (Self::OrderDirect, 60),
        (Self::OrderPage, 110),
        (Self::OrderLimit, 80),
        (Self::OrderDeclined, 40),
        (Self::OrderFaulty, 70),
        (Self::OrderReversal, 50),
        (Self::FirstStart, 20),
        (Self::Desk, 10),
    ];

    /// Its word in the table.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FinrotaDirect => "finrota-direct",
            Self::FinrotaPage => "finrota-page",
            Self::FinrotaDeclined => "finrota-declined",
            Self::FinrotaFaulty => "finrota-faulty",
            Self::FinrotaReversal => "finrota-reversal",
            Self::OrderDirect => "order-direct",
            Self::OrderPage => "order-page",
            Self::OrderLimit => "order-limit",
            Self::OrderDeclined => "order-declined",
            Self::OrderFaulty => "order-faulty",
            Self::OrderReversal => "order-reversal",
            Self::FirstStart => "first-start",
            Self::Desk => "desk",
        }
    }

    /// The kind of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().map(|(kind, _)| *kind).find(|kind| kind.word() == word)
    }

    /// Whose payments.
    #[must_use]
    pub const fn gateway(self) -> Gateway {
        match self {
            Self::FinrotaDirect
            | Self::FinrotaPage
            | Self::FinrotaDeclined
            | Self::FinrotaFaulty
            | Self::FinrotaReversal
            | Self::FirstStart
            | Self::Desk => Gateway::Finrota,
            Self::OrderDirect
            | Self::OrderPage
            | Self::OrderLimit
            | Self::OrderDeclined
            | Self::OrderFaulty
            | Self::OrderReversal => Gateway::Yolcu360,
        }
    }

    /// The group of sources whose change makes it run again.
    #[must_use]
    pub const fn sources(self) -> &'static str {
        match (self, self.gateway()) {
            (Self::Desk, _) => "desk",
            (_, Gateway::Finrota) => "finrota",
            (_, Gateway::Yolcu360) => "yolcu360",
        }
    }

    /// Whether it is a void or a refund that is killed.
    #[must_use]
    pub const fn is_reversal(self) -> bool {
        matches!(self, Self::FinrotaReversal | Self::OrderReversal)
    }

    /// Whether a customer stands at the bank.
    #[must_use]
    pub const fn has_page(self) -> bool {
        matches!(self, Self::FinrotaPage | Self::OrderPage | Self::FirstStart)
    }
}
