//! Before an attempt is opened: what must be asked of the network for it, as a task, so that nothing else waits.

use std::sync::Arc;

use tokio::sync::oneshot;
use vezne_core::account::{GatewayKind, StatusQuery};
use vezne_core::attempt::Subject;
use vezne_core::card::{Bin, CardDetails};
use vezne_core::ids::{AccountId, OperatorId};
use vezne_core::money::{Currency, Money};
use vezne_core::options::Choice;
use vezne_core::order::OrderId;
use vezne_core::ports::{Gateway, MissingSpan, OptionsQuestion, OrderSummary, ReadFault};
use vezne_core::rights::Act;

use crate::actor::Inward;
use crate::authority::{self, NoAuthority};
use crate::desk::Desk;
use crate::handle::Served;
use crate::held::InHand;
use crate::request::{OptionsRequest, PayError, PayMeans, PayRequest, Shown};
use crate::view::{AttemptView, JournalState};

/// A card payment's means, with the card in hand.
pub(crate) struct CardChoice {
    pub(crate) card: CardDetails,
    pub(crate) choice: Choice,
    pub(crate) three_ds: bool,
    /// Where this card was held, to put it back if the payment is not begun.
    pub(crate) in_hand: Option<InHand>,
}

/// A payment request with everything that had to be asked for it.
pub(crate) struct Quote {
    pub(crate) request: PayRequest,
    pub(crate) card: Option<CardChoice>,
    pub(crate) shown: Option<Result<Shown, ReadFault>>,
    pub(crate) supervisor: Option<Result<OperatorId, NoAuthority>>,
}

type Reply = oneshot::Sender<Result<AttemptView, PayError>>;

impl Desk {
    pub(crate) fn options(&self, request: OptionsRequest, reply: oneshot::Sender<Result<Shown, ReadFault>>) {
        let gateway = self.accounts.get(request.account()).map(|served| Arc::clone(&served.gateway));
        tokio::spawn(async move {
            let answer = match gateway {
                Some(gateway) => ask_options(gateway.as_ref(), question(request)).await,
                None => Err(ReadFault::NotFound),
            };
            let _front = reply.send(answer);
        });
    }

    pub(crate) fn order(
        &self,
        account: &AccountId,
        order: OrderId,
        reply: oneshot::Sender<Result<OrderSummary, ReadFault>>,
    ) {
        let gateway = self.accounts.get(account).map(|served| Arc::clone(&served.gateway));
        tokio::spawn(async move {
            let answer = match gateway {
                Some(gateway) => gateway.order(order).await,
                None => Err(ReadFault::NotFound),
            };
            let _front = reply.send(answer);
        });
    }

    /// Checks what can be checked at once, then asks for options and the supervisor's PIN as a task.
    pub(crate) async fn pay(&mut self, mut request: PayRequest, reply: Reply) {
        let served = match self.allowed(&request) {
            Ok(served) => served,
            Err(error) => {
                let _front = reply.send(Err(error));
                return;
            }
        };
        let means = std::mem::replace(&mut request.means, PayMeans::CreditLimit);
        let (card, shown) = match means {
            PayMeans::CreditLimit => (None, None),
            PayMeans::Card { card, choice, shown, three_ds } => {
                (Some(CardChoice { card: *card, choice, three_ds, in_hand: None }), shown)
            }
            PayMeans::Held { held, choice, shown, three_ds } => match self.take_held(held) {
                Ok((card, in_hand)) => (Some(CardChoice { card, choice, three_ds, in_hand: Some(in_hand) }), shown),
                Err(error) => {
                    let _front = reply.send(Err(error));
                    return;
                }
            },
        };
        if let Err(error) = self.stands_in_the_way(&request, &served, card.as_ref().map(|card| &card.card)).await {
            self.give_back(card);
            let _front = reply.send(Err(error));
            return;
        }
        let ports = self.ports.clone();
        let misses = Arc::clone(&self.misses);
        let inward = self.inward.clone();
        tokio::spawn(async move {
            let supervisor = match &request.authority {
                Some(authority) => Some(authority::check(&ports, &misses, authority, act_of(&request)).await),
                None => None,
            };
            let shown = match (&card, shown) {
                (None, _) => None,
                (Some(_), Some(shown)) => Some(Ok(*shown)),
                (Some(card), None) => Some(match question_of(&request, card.card.number.summary().bin) {
                    Some(question) => ask_options(served.gateway.as_ref(), question).await,
                    None => Err(ReadFault::NotFound),
                }),
            };
            let quote = Quote { request, card, shown, supervisor };
            let _till_closed = inward.send(Inward::Quoted(Box::new(quote), reply));
        });
    }

    /// Everything about a request that needs nobody else's answer.
    fn allowed(&self, request: &PayRequest) -> Result<Served, PayError> {
        if let JournalState::NotWritten(why) = &self.journal {
            return Err(PayError::Journal(vezne_core::ports::JournalFault::NotWritable(why.clone())));
        }
        self.ports.journal.may_take_money().map_err(PayError::Journal)?;
        let served = self.accounts.get(&request.account).ok_or(PayError::UnknownAccount)?;
        let account = &served.account;
        subject_fits(&request.subject, account.reference.gateway)?;
        match (&request.subject, request.amount) {
            (Subject::Reference { .. }, None) => {
                return Err(PayError::WrongSubject("a reference is paid with an amount"));
            }
            (Subject::Reference { .. }, Some(amount)) => self.amount_allowed(served, amount, request.amount_again)?,
            (Subject::Order(_), Some(_) | None) => {}
        }
        match &request.means {
            PayMeans::CreditLimit if !account.credit_limit => return Err(PayError::NoCreditLimit),
            PayMeans::CreditLimit | PayMeans::Card { .. } | PayMeans::Held { .. } => {}
        }
        self.span_answered_for(request, served)?;
        if request.overrides.is_some() && request.authority.is_none() {
            return Err(PayError::NeedsSupervisor(Act::OverrideGuard));
        }
        Ok(served.clone())
    }

    /// After a restored backup a reference needs a supervisor, since its earlier payment may be what is missing; an order
    /// has its baseline, which is read anyway, unless it can't be (`RULES.md` 8).
    fn span_answered_for(&self, request: &PayRequest, served: &Served) -> Result<(), PayError> {
        match self.missing_span {
            Some(MissingSpan { from, until })
                if self.span_needs_a_word(request, served) && request.authority.is_none() =>
            {
                Err(PayError::SpanMissing { from, until })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Whether only a supervisor can answer for it that this was not paid in the missing span.
    pub(crate) fn span_needs_a_word(&self, request: &PayRequest, served: &Served) -> bool {
        let told_by_the_order = match (&request.subject, served.account.terms.status_query) {
            (Subject::Order(_), StatusQuery::On) => true,
            (Subject::Order(_), StatusQuery::Off) | (Subject::Reference { .. }, StatusQuery::On | StatusQuery::Off) => {
                false
            }
        };
        self.missing_span.is_some() && !told_by_the_order
    }

    fn amount_allowed(&self, served: &Served, amount: Money, again: Option<Money>) -> Result<(), PayError> {
        currency_taken(served, amount.currency())?;
        match served.account.confirm_above {
            Some(limit) if limit.currency() == amount.currency() && amount.minor() > limit.minor() => {
                if again == Some(amount) { Ok(()) } else { Err(PayError::TypeTwice { limit }) }
            }
            Some(_) | None => Ok(()),
        }
    }
}

/// Whether the gateway takes payments for such a thing.
pub(crate) const fn subject_fits(subject: &Subject, gateway: GatewayKind) -> Result<(), PayError> {
    match (subject, gateway) {
        (Subject::Order(_), GatewayKind::Yolcu360) | (Subject::Reference { .. }, GatewayKind::Finrota) => Ok(()),
        (Subject::Order(_), GatewayKind::Finrota) => {
            Err(PayError::WrongSubject("this account takes a reference and an amount, not an order"))
        }
        (Subject::Reference { .. }, GatewayKind::Yolcu360) => {
            Err(PayError::WrongSubject("this account takes an order id, not a reference"))
        }
    }
}

/// Whether the account takes the currency.
pub(crate) fn currency_taken(served: &Served, currency: Currency) -> Result<(), PayError> {
    if served.account.currencies.contains(&currency) { Ok(()) } else { Err(PayError::CurrencyNotTaken(currency)) }
}

/// The act for which a payment's supervisor is asked: all of them need the same role.
const fn act_of(request: &PayRequest) -> Act {
    if request.overrides.is_some() { Act::OverrideGuard } else { Act::TakeWithout3ds }
}

async fn ask_options(gateway: &dyn Gateway, question: OptionsQuestion) -> Result<Shown, ReadFault> {
    gateway.options(question).await.map(|(list, ticket)| Shown { list, ticket })
}

fn question(request: OptionsRequest) -> OptionsQuestion {
    match request {
        OptionsRequest::Amount { bin, amount, .. } => OptionsQuestion::Amount { bin, amount },
        OptionsRequest::Order { bin, order, .. } => OptionsQuestion::Order { bin: bin.first_six(), order },
    }
}

fn question_of(request: &PayRequest, bin: Bin) -> Option<OptionsQuestion> {
    match (&request.subject, request.amount) {
        (Subject::Order(order), _) => Some(OptionsQuestion::Order { bin: bin.first_six(), order: order.clone() }),
        (Subject::Reference { .. }, Some(amount)) => Some(OptionsQuestion::Amount { bin, amount }),
        (Subject::Reference { .. }, None) => None,
    }
}
