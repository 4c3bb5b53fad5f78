//! The desk, its account and its customers.

use std::fmt;
use std::str::FromStr;

use vezne_core::account::{GatewayKind, PagePlace, ReturnRule, StatusQuery};

use super::fault::NotASchedule;

/// A closed list of words, for schedules that are printed and read.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$each])* $variant,)* }

        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in a schedule.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = NotASchedule;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.iter().copied().find(|one| one.word() == text);
                found.ok_or_else(|| NotASchedule(format!("{} {text:?}", stringify!($name))))
            }
        }
    };
}

words! {
    /// What bank and customer make of one attempt.
    Behaviour {
        /// The customer does as the bank's page asks, and the bank says yes.
        Approves "approves",
        /// The bank says no.
        Declines "declines",
        /// The customer presses "cancel" on the bank's page, which comes back and says so.
        Cancels "cancels",
        /// The customer walks off; the gateway gives the payment up after a quarter of an hour.
        Walks "walks",
        /// Nobody ever decides.
        Silent "silent",
        /// The bank says yes four minutes later.
        LateYes "late-yes",
        /// The bank says no four minutes later.
        LateNo "late-no",
        /// The code is typed, the window is closed by hand, and then the bank says yes.
        GoneYes "gone-yes",
        /// The same, and the bank says no.
        GoneNo "gone-no",
        /// The gateway says no at once and takes the money half a minute later all the same.
        NoThenYes "no-then-yes",
        /// The gateway asks for a bank page and hands over none that could be shown.
        BadPage "bad-page",
    }
}

words! {
    /// How the customer comes back from the bank's page.
    Returns {
        /// Once, at once.
        Once "once",
        /// Twice.
        Twice "twice",
        /// A minute later.
        Late "late",
        /// Never: about one in a hundred.
        Never "never",
        /// In a hidden frame, so that it never becomes the window's own page.
        Hidden "hidden",
    }
}

words! {
    /// What is paid with.
    Means {
        /// A card, with 3-D Secure.
        Secure "3ds",
        /// A card, without, by a supervisor's leave.
        Plain "plain",
        /// The agency's credit limit.
        Limit "limit",
    }
}

/// A customer with one thing to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The order or reference, by number: two customers may name the same.
    pub subject: u8,
    /// The part of it, if parts are declared.
    pub part: Option<u8>,
    /// The card, by number.
    pub card: u8,
    /// How it is paid.
    pub means: Means,
    /// In how many installments: 1 or 3.
    pub installments: u8,
    /// What becomes of each attempt; the last one counts for all further ones.
    pub behaviours: Vec<Behaviour>,
    /// How the returns come.
    pub returns: Returns,
}

impl Customer {
    /// What becomes of the customer's attempt with that number, from 0.
    #[must_use]
    pub fn behaviour(&self, attempt: usize) -> Behaviour {
        self.behaviours.get(attempt).or(self.behaviours.last()).copied().unwrap_or(Behaviour::Approves)
    }
}

impl fmt::Display for Customer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.subject)?;
        if let Some(part) = self.part {
            write!(formatter, "/{part}")?;
        }
        write!(formatter, ":{}:{}:x{}:", self.card, self.means, self.installments)?;
        for (place, behaviour) in self.behaviours.iter().enumerate() {
            write!(formatter, "{}{behaviour}", if place == 0 { "" } else { "+" })?;
        }
        write!(formatter, ":{}", self.returns)
    }
}

impl FromStr for Customer {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotASchedule(format!("customer {text:?}"));
        let parts: Vec<&str> = text.split(':').collect();
        let [subject, card, means, installments, behaviours, returns] = parts.as_slice() else { return Err(wrong()) };
        let (subject, part) = match subject.split_once('/') {
            Some((subject, part)) => (subject, Some(part.parse().map_err(|_| wrong())?)),
            None => (*subject, None),
        };
        let behaviours: Result<Vec<Behaviour>, NotASchedule> = behaviours.split('+').map(str::parse).collect();
        Ok(Self {
            subject: subject.parse().map_err(|_| wrong())?,
            part,
            card: card.parse().map_err(|_| wrong())?,
            means: means.parse()?,
            installments: installments.strip_prefix('x').and_then(|one| one.parse().ok()).ok_or_else(wrong)?,
            behaviours: behaviours?,
            returns: returns.parse()?,
        })
    }
}

/// The account and its gateway's habits, and who comes to the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    /// Which gateway.
    pub gateway: GatewayKind,
    /// Whether the status can be asked.
    pub query: StatusQuery,
    /// What an explicit return may settle where it can't.
    pub rule: ReturnRule,
    /// Where the bank's page is shown.
    pub page: PagePlace,
    /// Which of the forms seen the gateway's answers have: bit by bit, see the gateways.
    pub style: u8,
    /// How far the status query lags behind the truth, in seconds.
    pub lag: u16,
    /// The customers.
    pub customers: Vec<Customer>,
}

impl Scene {
    /// Whether the gateway's answers have this habit.
    #[must_use]
    pub const fn has_style(&self, bit: u8) -> bool {
        self.style & (1 << bit) != 0
    }
}

impl fmt::Display for Scene {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = match self.query {
            StatusQuery::On => "on",
            StatusQuery::Off => "off",
        };
        let rule = match self.rule {
            ReturnRule::Hint => "hint",
            ReturnRule::Settles => "settles",
        };
        let page = match self.page {
            PagePlace::Window => "window",
            PagePlace::Browser => "browser",
        };
        write!(
            formatter,
            "at={} query={query} rule={rule} page={page} style={} lag={}",
            self.gateway.word(),
            self.style,
            self.lag
        )?;
        self.customers.iter().try_for_each(|customer| write!(formatter, " who={customer}"))
    }
}

impl FromStr for Scene {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut scene = Self {
            gateway: GatewayKind::Finrota,
            query: StatusQuery::On,
            rule: ReturnRule::Hint,
            page: PagePlace::Window,
            style: 0,
            lag: 0,
            customers: Vec::new(),
        };
        for token in text.split_whitespace() {
            let wrong = || NotASchedule(format!("scene {token:?}"));
            let (key, value) = token.split_once('=').ok_or_else(wrong)?;
            match (key, value) {
                ("at", "finrota") => scene.gateway = GatewayKind::Finrota,
                ("at", "yolcu360") => scene.gateway = GatewayKind::Yolcu360,
                ("query", "on") => scene.query = StatusQuery::On,
                ("query", "off") => scene.query = StatusQuery::Off,
                ("rule", "hint") => scene.rule = ReturnRule::Hint,
                ("rule", "settles") => scene.rule = ReturnRule::Settles,
                ("page", "window") => scene.page = PagePlace::Window,
                ("page", "browser") => scene.page = PagePlace::Browser,
                ("style", number) => scene.style = number.parse().map_err(|_| wrong())?,
                ("lag", number) => scene.lag = number.parse().map_err(|_| wrong())?,
                ("who", customer) => scene.customers.push(customer.parse()?),
                _ => return Err(wrong()),
            }
        }
        Ok(scene)
    }
}
