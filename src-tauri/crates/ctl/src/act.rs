//! What a verb was about: only for a payment that was to be begun does its failure mean that nothing was sent.

use std::ffi::OsString;

use crate::args::{PaymentVerb, Verb};

/// What a verb was about, for the words of its failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    /// A payment that was to be begun: where there is no attempt, nothing was sent.
    Pay,
    /// A void or a refund, of what was named: the payment itself stands.
    GiveBack(String),
    /// Writing down what went back by hand: it may have gone back all the same.
    Record(String),
    /// Asking about, showing or settling what stands already, whatever comes of that.
    Standing {
        /// What did not come about.
        headline: &'static str,
        /// The payment, attempt or reversal that was named.
        given: String,
    },
    /// Nothing of one payment.
    Other,
}

impl Act {
    /// What this verb is about.
    pub(crate) fn of(verb: &Verb) -> Self {
        match verb {
            Verb::Pay(_) => Self::Pay,
            Verb::Payment(verb) => Self::of_payment(verb),
            Verb::Sandbox(_)
            | Verb::Options(_)
            | Verb::Printer(_)
            | Verb::Operator(_)
            | Verb::Close(_)
            | Verb::Journal(_)
            | Verb::Doctor(_)
            | Verb::OpenPage => Self::Other,
        }
    }

    fn of_payment(verb: &PaymentVerb) -> Self {
        let standing = |headline, given: &str| Self::Standing { headline, given: given.to_owned() };
        match verb {
            PaymentVerb::List(_) => Self::Other,
            PaymentVerb::Show { id } => standing("NOT SHOWN", id),
            PaymentVerb::Receipt(args) => {
                let part = args.attempt.as_deref().or(args.reversal.as_deref());
                standing("NO RECEIPT", part.unwrap_or(&args.payment))
            }
            PaymentVerb::Ask { id } => standing("NOT ASKED", id),
            PaymentVerb::Note { payment, .. } => standing("NOT NOTED", payment),
            PaymentVerb::SetAside { attempt, .. } => standing("NOT SET ASIDE", attempt),
            PaymentVerb::Resolve { id, .. } => standing("NOT SETTLED", id),
            PaymentVerb::Void { payment, .. } | PaymentVerb::Refund { payment, .. } => Self::GiveBack(payment.clone()),
            PaymentVerb::RecordReturn { payment, .. } => Self::Record(payment.clone()),
        }
    }

    /// What arguments that can't be read were about, as far as their verb tells.
    pub(crate) fn of_unread(arguments: &[OsString]) -> Self {
        let mut rest = arguments.iter().skip(1).map(|argument| argument.to_str().unwrap_or_default());
        while let Some(argument) = rest.next() {
            match argument {
                "--home" => drop(rest.next()),
                "pay" => return Self::Pay,
                option if option.starts_with('-') => {}
                _ => return Self::Other,
            }
        }
        Self::Other
    }

    /// What was named.
    pub(crate) fn given(&self) -> Option<&str> {
        match self {
            Self::GiveBack(given) | Self::Record(given) | Self::Standing { given, .. } => Some(given),
            Self::Pay | Self::Other => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_verb_pay_is_about_a_new_payment() {
        let of = |line: &str| Act::of_unread(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        for line in ["veznectl pay --card", "veznectl --json --home pays pay", "veznectl --home=list pay"] {
            assert_eq!(of(line), Act::Pay, "{line}");
        }
        for line in ["veznectl", "veznectl --home pay list", "veznectl payment ask", "veznectl list --search pay"] {
            assert_eq!(of(line), Act::Other, "{line}");
        }
    }
}
