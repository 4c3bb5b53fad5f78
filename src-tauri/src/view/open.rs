//! From what an opened home says to what a window needs first.

use vezne_core::account::{Account, ReturnRule, StatusQuery};
use vezne_core::money::{Currency, Money};
use vezne_core::ports::MissingSpan;
use vezne_core::record::Operator;
use vezne_core::rights::Role;
use vezne_home::{HomeFault, Unavailable};
use vezne_sandbox::{PracticeCard, PracticeOrder};
use vezne_settings::{AccountSettings, ReturnMode};
use vezne_vault::VaultError;
use vezne_vault::pin::PinError;

use super::{
    AccountView, Code, Fault, Field, Gateway, OperatorView, PracticeCardView, PracticeOrderView, ReturnWay, RoleWord,
    Span, UnavailableView,
};

impl From<&HomeFault> for Fault {
    fn from(fault: &HomeFault) -> Self {
        match fault {
            HomeFault::Vault(error) => error.into(),
            HomeFault::Nowhere | HomeFault::Folder { .. } => Self::new(Code::HomeUnusable).because(fault),
            HomeFault::Settings(_) | HomeFault::Account { .. } => Self::new(Code::Configuration).because(fault),
            HomeFault::InUse { .. } => Self::new(Code::InUse).because(fault),
            HomeFault::Damaged(words) => Self::new(Code::Damaged).because(words),
            HomeFault::Gone(words) => Self::new(Code::Gone).because(words),
            HomeFault::RepairFailed(words) => Self::new(Code::RepairFailed).because(words),
            HomeFault::Journal(_) | HomeFault::NoJournal(_) => Self::new(Code::Journal).because(fault),
            HomeFault::JournalFault(fault) => fault.clone().into(),
        }
    }
}

impl From<HomeFault> for Fault {
    fn from(fault: HomeFault) -> Self {
        Self::from(&fault)
    }
}

impl From<&VaultError> for Fault {
    fn from(error: &VaultError) -> Self {
        let fault = Self::new(Code::Vault).because(error);
        match error {
            // The journal's key is in the sealed file too.
            VaultError::ChainKeyElsewhere { cause, .. } if matches!(**cause, VaultError::PassphraseWrong { .. }) => {
                (&**cause).into()
            }
            VaultError::PassphraseWrong { .. } => Self::new(Code::PassphraseWrong).at(Field::Passphrase),
            VaultError::PassphraseMissing | VaultError::PassphraseTooShort { .. } => fault.at(Field::Passphrase),
            VaultError::NotFound { .. } => fault.at(Field::Login),
            VaultError::KeychainUnavailable { .. }
            | VaultError::Tampered { .. }
            | VaultError::TooNew { .. }
            | VaultError::EnvironmentMissing { .. }
            | VaultError::EnvironmentWrong { .. }
            | VaultError::ReadOnly { .. }
            | VaultError::Disk { .. }
            | VaultError::Busy { .. }
            | VaultError::ChainKeyElsewhere { .. }
            | VaultError::NoRandomness
            | VaultError::Interrupted => fault,
        }
    }
}

impl From<VaultError> for Fault {
    fn from(error: VaultError) -> Self {
        Self::from(&error)
    }
}

impl From<PinError> for Fault {
    fn from(error: PinError) -> Self {
        match error {
            PinError::NotFourToTwelveDigits | PinError::Repeated | PinError::Sequential => {
                Self::new(Code::PinRefused).because(error).at(Field::Pin)
            }
            PinError::NotAHash | PinError::OtherPepper { .. } | PinError::Unavailable => {
                Self::new(Code::Vault).because(error)
            }
        }
    }
}

impl From<&Unavailable> for UnavailableView {
    fn from(unavailable: &Unavailable) -> Self {
        Self { name: unavailable.name.clone(), fault: (&unavailable.fault).into() }
    }
}

impl From<vezne_settings::Gateway> for Gateway {
    fn from(gateway: vezne_settings::Gateway) -> Self {
        match gateway {
            vezne_settings::Gateway::Finrota => Self::Finrota,
            vezne_settings::Gateway::Yolcu360 => Self::Yolcu360,
        }
    }
}

impl From<Gateway> for vezne_settings::Gateway {
    fn from(gateway: Gateway) -> Self {
        match gateway {
            Gateway::Finrota => Self::Finrota,
            Gateway::Yolcu360 => Self::Yolcu360,
        }
    }
}

impl From<&ReturnMode> for ReturnWay {
    fn from(mode: &ReturnMode) -> Self {
        match mode {
            ReturnMode::CustomScheme => Self::CustomScheme,
            ReturnMode::Https { url } => Self::Https { url: url.to_string() },
            ReturnMode::Loopback => Self::Loopback,
        }
    }
}

impl AccountView {
    /// What a window shows of an account: what the till uses, and how its page comes back.
    pub(crate) fn of(account: &Account, settings: &AccountSettings) -> Self {
        Self {
            id: account.reference.id.to_string(),
            name: account.reference.name.to_string(),
            gateway: account.reference.gateway.into(),
            host: account.reference.endpoint.host.clone(),
            currencies: account.currencies.iter().map(|currency| currency.code().to_owned()).collect(),
            credit_limit: account.credit_limit,
            eight_digits: account.reference.gateway.takes_eight_digits(),
            confirm_above: account.confirm_above.map(Into::into),
            status_query: match account.terms.status_query {
                StatusQuery::On => true,
                StatusQuery::Off => false,
            },
            return_settles: match account.terms.return_rule {
                ReturnRule::Settles => true,
                ReturnRule::Hint => false,
            },
            return_way: (&settings.return_mode).into(),
        }
    }
}

impl From<Role> for RoleWord {
    fn from(role: Role) -> Self {
        match role {
            Role::Cashier => Self::Cashier,
            Role::Supervisor => Self::Supervisor,
        }
    }
}

impl From<RoleWord> for Role {
    fn from(role: RoleWord) -> Self {
        match role {
            RoleWord::Cashier => Self::Cashier,
            RoleWord::Supervisor => Self::Supervisor,
        }
    }
}

impl From<&Operator> for OperatorView {
    fn from(operator: &Operator) -> Self {
        Self { id: operator.id.to_string(), name: operator.name.to_string(), role: operator.role.into() }
    }
}

impl From<MissingSpan> for Span {
    fn from(span: MissingSpan) -> Self {
        Self { from: span.from.to_string(), until: span.until.to_string() }
    }
}

impl From<&PracticeCard> for PracticeCardView {
    fn from(card: &PracticeCard) -> Self {
        Self {
            number: card.number.to_owned(),
            expiry: card.expiry.to_owned(),
            cvc: card.cvc.to_owned(),
            brand: card.brand.to_owned(),
            scene: card.scene.to_owned(),
            text: card.text.to_owned(),
        }
    }
}

impl PracticeOrderView {
    /// An order of the practice gateway; `None` in a currency that Vezne does not know.
    pub(crate) fn of(order: &PracticeOrder) -> Option<Self> {
        let currency: Currency = order.currency.parse().ok()?;
        Some(Self {
            order: order.order.to_owned(),
            amount: Money::from_minor(order.amount_minor, currency).into(),
            scene: order.scene.to_owned(),
            text: order.text.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_home_keeps_the_code_that_the_terminal_shows() {
        let journal = HomeFault::Journal("the disk is full".to_owned());
        for fault in [HomeFault::Nowhere, HomeFault::InUse { pid: Some(7) }, journal] {
            let shown = Fault::from(&fault);
            assert_eq!(shown.code.word(), fault.code());
            assert_eq!(shown.text, Some(fault.to_string()));
        }
        assert!(Fault::from(HomeFault::InUse { pid: Some(7) }).text.unwrap().contains("process 7"));
    }

    #[test]
    fn a_wrong_passphrase_is_told_from_a_missing_one_and_blames_its_field() {
        let wrong = Fault::from(VaultError::PassphraseWrong { path: "sealed.vault".into() });
        assert_eq!((wrong.code, wrong.field), (Code::PassphraseWrong, Some(Field::Passphrase)));
        assert_eq!(wrong.text, None, "where the sealed file lies is nobody's business at the desk");
        let missing = Fault::from(HomeFault::Vault(VaultError::PassphraseMissing));
        assert_eq!((missing.code, missing.field), (Code::Vault, Some(Field::Passphrase)));
    }

    #[test]
    fn a_weak_pin_blames_the_pin_and_a_machine_without_memory_does_not() {
        assert_eq!(Fault::from(PinError::Sequential).field, Some(Field::Pin));
        assert_eq!(Fault::from(PinError::Unavailable).code, Code::Vault);
    }

    #[test]
    fn every_practice_order_has_an_amount_that_can_be_shown() {
        for order in vezne_sandbox::practice_orders() {
            let shown = PracticeOrderView::of(order).unwrap();
            assert_eq!(shown.amount.currency, order.currency);
            assert!(shown.amount.amount.contains('.'), "{shown:?}");
        }
    }
}
