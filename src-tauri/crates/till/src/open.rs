//! Opening an attempt: the chosen plan is checked, the guard is asked, `Ready` is written down.

use std::sync::Arc;

use tokio::sync::oneshot;
use vezne_core::answers::{CannotBeAsked, CouldNotAsk, NotSentReason};
use vezne_core::attempt::{Attempt, CardMeans, Entry, Intent, Means, Subject, ThreeDs, VezneRefusal};
use vezne_core::card::{CardDetails, CardSummary};
use vezne_core::guard::{self, Block, GuardKey, Neighbours, Question};
use vezne_core::ids::{AttemptId, AttemptReference, NameId, OperatorId, PaymentId};
use vezne_core::money::Money;
use vezne_core::options::{ChoiceError, Plan, ThreeDsRule};
use vezne_core::ports::{CardTrace, JournalFault, ReadFault};
use vezne_core::record::{Batch, PersonName, Record};
use vezne_core::rights::Act;
use vezne_core::time::Timestamp;

use crate::authority::NoAuthority;
use crate::desk::{Desk, LiveAttempt};
use crate::handle::Served;
use crate::quote::{CardChoice, Quote, currency_taken, subject_fits};
use crate::request::{GuardQuestion, PayError, PayRequest, Shown};
use crate::unwritten::Doubt;
use crate::view::AttemptView;

type Reply = oneshot::Sender<Result<AttemptView, PayError>>;

/// A card payment that passed every check on its plan.
struct Chosen {
    plan: Plan,
    three_ds: ThreeDs,
    shown: Shown,
}

/// What an opening is made from, once everything about it is known.
struct Opening<'a> {
    request: &'a PayRequest,
    served: Served,
    chosen: Option<Chosen>,
    supervisor: Option<OperatorId>,
    key: GuardKey,
    /// What is owed: as it was asked for, else as the options tell it.
    base: Option<Money>,
    neighbours: Neighbours,
}

impl Desk {
    /// Everything that had to be asked is here: open the attempt, or say why not.
    pub(crate) async fn quoted(&mut self, quote: Quote, reply: Reply) {
        let Quote { request, mut card, shown, supervisor } = quote;
        if reply.is_closed() {
            // Whoever asked has gone (Ctrl-C, a closed window): nothing is begun behind their back.
            tracing::info!(account = %request.account, "a payment was given up before it was begun");
            self.give_back(card);
            return;
        }
        let opened = self.open(&request, &mut card, shown, supervisor).await;
        if opened.is_err() {
            self.give_back(card);
        }
        match opened {
            Ok(id) => {
                let view = self.attempts.get(&id).map(|live| self.attempt_view(live));
                self.tell_attempt(id);
                if let Some(view) = view {
                    let _front = reply.send(Ok(view));
                }
                self.prepare(id);
            }
            Err(error) => {
                tracing::info!(account = %request.account, %error, "a payment was not begun");
                let _front = reply.send(Err(error));
            }
        }
    }

    async fn open(
        &mut self,
        request: &PayRequest,
        card: &mut Option<CardChoice>,
        shown: Option<Result<Shown, ReadFault>>,
        supervisor: Option<Result<OperatorId, NoAuthority>>,
    ) -> Result<AttemptId, PayError> {
        let served = self.accounts.get(&request.account).cloned().ok_or(PayError::UnknownAccount)?;
        let supervisor = match supervisor {
            None => None,
            Some(Ok(supervisor)) => Some(supervisor),
            Some(Err(NoAuthority::NotASupervisor)) => return Err(PayError::NotASupervisor),
            Some(Err(NoAuthority::Journal(fault))) => return Err(PayError::Journal(fault)),
        };
        let now = self.now();
        let chosen = match card.as_ref() {
            Some(card) => Some(choose(request, card, shown, supervisor, now)?),
            None => None,
        };
        if let Some(chosen) = &chosen {
            currency_taken(&served, chosen.plan.option.total.currency())?;
        }
        let key = GuardKey::of(&request.subject, &served.account.reference.endpoint.host);
        // The guard looks into the journal, so what is held because it could not be written must stand there first.
        self.write_held().await;
        self.may_write_down().map_err(PayError::Journal)?;
        let base = request.amount.or_else(|| chosen.as_ref().and_then(|chosen| chosen.shown.list.base));
        let trace = trace(card.as_ref().map(|card| &card.card), base);
        let neighbours = self.ports.journal.neighbours(&key, trace).await.map_err(PayError::Journal)?;
        let opening = Opening { request, served, chosen, supervisor, key, base, neighbours };
        let (intent, names) = self.intend(&opening, card.as_ref()).await?;
        self.ask_guard(request, &opening.served, &opening.neighbours, (intent.card(), base))?;
        self.write_opening(&opening, &intent, names).await?;
        let mut live = LiveAttempt::taken_up(Attempt::open(intent, now));
        if let Some(CardChoice { card, in_hand, .. }) = card.take() {
            live.card = Some(Arc::new(card));
            if let Some(in_hand) = in_hand {
                self.used_up(in_hand);
            }
        }
        live.ticket = opening.chosen.as_ref().map(|chosen| chosen.shown.ticket);
        live.options_at = opening.chosen.as_ref().map(|chosen| chosen.shown.list.at);
        let id = live.attempt.intent.attempt;
        self.attempts.insert(id, live);
        Ok(id)
    }

    async fn intend(
        &self,
        opening: &Opening<'_>,
        card: Option<&CardChoice>,
    ) -> Result<(Intent, Vec<(NameId, PersonName)>), PayError> {
        let Opening { request, served, chosen, key, neighbours, .. } = opening;
        let chosen = chosen.as_ref();
        let now = self.now();
        let earlier = if neighbours.same_key.is_empty() {
            Vec::new()
        } else {
            self.ports.journal.attempts_on(key).await.map_err(PayError::Journal)?
        };
        let mut names = Vec::new();
        let means = match (card, chosen) {
            (Some(card), Some(chosen)) => {
                let holder = NameId::from_parts(now, self.ten());
                names.push((holder, PersonName::new(card.card.holder.expose())));
                Means::Card(Box::new(CardMeans {
                    card: card.card.number.summary(),
                    holder: Some(holder),
                    plan: chosen.plan.clone(),
                    three_ds: chosen.three_ds,
                }))
            }
            (Some(_) | None, Some(_) | None) => Means::CreditLimit,
        };
        let mut terms = served.account.terms;
        terms.page = request.page.unwrap_or(terms.page);
        let intent = Intent {
            payment: continued_payment(&earlier, &request.subject)
                .unwrap_or_else(|| PaymentId::from_parts(now, self.ten())),
            attempt: AttemptId::from_parts(now, self.ten()),
            reference: AttemptReference::from_random(self.ports.entropy.sixteen()),
            account: served.account.reference.clone(),
            subject: request.subject.clone(),
            base: opening.base,
            means,
            terms,
            operator: request.operator,
            overrides: request.overrides,
            follows: followed(&earlier, request),
            behind_decline: earlier.iter().any(|other| self.may_be_unshown(other)),
        };
        Ok((intent, names))
    }

    /// Asks the guard before anything is asked of the gateway: what stands in the way is shown at once, and a paid order,
    /// for which the gateway has no options any more, is not taken for an unknown one.
    pub(crate) async fn stands_in_the_way(
        &self,
        request: &PayRequest,
        served: &Served,
        card: Option<&CardDetails>,
    ) -> Result<(), PayError> {
        let key = GuardKey::of(&request.subject, &served.account.reference.endpoint.host);
        let neighbours =
            self.ports.journal.neighbours(&key, trace(card, request.amount)).await.map_err(PayError::Journal)?;
        let card = card.map(|card| card.number.summary());
        self.ask_guard(request, served, &neighbours, (card.as_ref(), request.amount))
    }

    /// What would stand in the way of a payment that is still being keyed in, before anything of a card is known.
    pub(crate) async fn look_at_guard(&self, question: GuardQuestion) -> Result<Option<Block>, PayError> {
        let GuardQuestion { account, subject, amount } = question;
        let account = &self.accounts.get(&account).ok_or(PayError::UnknownAccount)?.account;
        subject_fits(&subject, account.reference.gateway)?;
        let key = GuardKey::of(&subject, &account.reference.endpoint.host);
        let neighbours = self.ports.journal.neighbours(&key, None).await.map_err(PayError::Journal)?;
        let question = Question {
            card: None,
            part: subject.part(),
            base: amount,
            overrides: None,
            twin_confirmed: false,
            window: account.duplicate_window,
            now: self.now(),
        };
        Ok(guard::ask(&neighbours, &question).err())
    }

    fn ask_guard(
        &self,
        request: &PayRequest,
        served: &Served,
        neighbours: &Neighbours,
        (card, base): (Option<&CardSummary>, Option<Money>),
    ) -> Result<(), PayError> {
        let question = Question {
            card,
            part: request.subject.part(),
            base,
            overrides: request.overrides,
            twin_confirmed: request.twin_confirmed,
            window: served.account.duplicate_window,
            now: self.now(),
        };
        guard::ask(neighbours, &question).map_err(|block| PayError::Blocked(Box::new(block)))
    }

    async fn write_opening(
        &mut self,
        opening: &Opening<'_>,
        intent: &Intent,
        names: Vec<(NameId, PersonName)>,
    ) -> Result<(), PayError> {
        let request = opening.request;
        let mut records = vec![Record::Attempt {
            attempt: intent.attempt,
            payment: intent.payment,
            entry: Entry::Opened(Box::new(intent.clone())),
        }];
        if let (Some(operator), Some(authority)) = (opening.supervisor, &request.authority) {
            let used =
                |act, about| Record::RightUsed { operator, act, reason: authority.reason.clone(), about: Some(about) };
            records.extend(request.overrides.map(|earlier| used(Act::OverrideGuard, earlier)));
            if self.span_needs_a_word(request, &opening.served) && request.overrides.is_none() {
                records.push(used(Act::OverrideGuard, intent.attempt));
            }
            if opening.chosen.as_ref().is_some_and(|chosen| chosen.three_ds == ThreeDs::NotAsked) {
                records.push(used(Act::TakeWithout3ds, intent.attempt));
            }
        }
        let now = self.now();
        match self.write(Batch { records, names }, now).await {
            Ok(()) => Ok(()),
            // Somebody was quicker between the guard's look and the write: the index speaks the last word.
            Err(JournalFault::KeyTaken) => Err(self.taken(&opening.key).await),
            Err(fault) => {
                self.doubt(Doubt::Attempt(intent.attempt)).await;
                Err(PayError::Journal(fault))
            }
        }
    }

    async fn taken(&self, key: &GuardKey) -> PayError {
        let neighbours = self.ports.journal.neighbours(key, None).await;
        let Ok(Neighbours { same_key, .. }) = neighbours else { return PayError::Journal(JournalFault::KeyTaken) };
        match same_key.into_iter().find(|earlier| earlier.blocks) {
            Some(earlier) => PayError::Blocked(Box::new(Block::OpenOrUnknown(Box::new(earlier)))),
            None => PayError::Journal(JournalFault::KeyTaken),
        }
    }

    /// Ten random bytes for an id.
    pub(crate) fn ten(&self) -> [u8; 10] {
        crate::handle::ten(self.ports.entropy.as_ref())
    }
}

/// A gateway that could not even be reached or signed in to was not sent anything: that is "not sent", as it would be
/// without options. One that was asked and gave no options is our refusal (`RULES.md` 2).
fn no_options(fault: ReadFault) -> PayError {
    match fault {
        ReadFault::CouldNotAsk(CouldNotAsk::Offline) => PayError::NotSent(NotSentReason::Offline),
        ReadFault::CouldNotAsk(CouldNotAsk::SignIn) => PayError::NotSent(NotSentReason::SignInUnanswered),
        ReadFault::CannotBeAsked(CannotBeAsked::Unauthorised) => PayError::NotSent(NotSentReason::SignInRefused),
        ReadFault::CouldNotAsk(
            CouldNotAsk::TimedOut
            | CouldNotAsk::Unreadable
            | CouldNotAsk::ServerError
            | CouldNotAsk::TooMany
            | CouldNotAsk::NotAllowed,
        )
        | ReadFault::CannotBeAsked(CannotBeAsked::Off | CannotBeAsked::NotAllowed | CannotBeAsked::OtherEndpoint)
        | ReadFault::NotFound
        | ReadFault::Refused(_)
        | ReadFault::Amount { .. } => PayError::Options(fault),
    }
}

/// The digits and the amount by which a twin is found; without an amount there is none.
fn trace(card: Option<&CardDetails>, base: Option<Money>) -> Option<CardTrace> {
    let (card, base) = (card?, base?);
    Some(CardTrace { bin: card.number.bin6(), last_four: card.number.last_four(), base })
}

fn choose(
    request: &PayRequest,
    card: &CardChoice,
    shown: Option<Result<Shown, ReadFault>>,
    supervisor: Option<OperatorId>,
    now: Timestamp,
) -> Result<Chosen, PayError> {
    let shown = match shown {
        Some(Ok(shown)) => shown,
        Some(Err(ReadFault::NotFound)) => return Err(PayError::Refused(VezneRefusal::OrderNotFound)),
        Some(Err(fault)) => return Err(no_options(fault)),
        None => return Err(PayError::Refused(VezneRefusal::OptionsUnanswered)),
    };
    let refused = |error: &ChoiceError| PayError::Refused(VezneRefusal::from(error));
    if let (Some(asked), Some(now)) = (request.amount, shown.list.base)
        && asked != now
    {
        return Err(PayError::Refused(VezneRefusal::PriceChanged { shown: asked, now }));
    }
    let bin = card.card.number.summary().bin;
    let plan = shown.list.choose(&card.choice, &bin, request.amount, now).map_err(|error| refused(&error))?;
    let three_ds = match (card.three_ds, shown.list.three_ds) {
        (true, ThreeDsRule::Optional | ThreeDsRule::Forced) => ThreeDs::Asked,
        (false, ThreeDsRule::Forced) => ThreeDs::Forced,
        (false, ThreeDsRule::Optional) => {
            if supervisor.is_none() {
                return Err(PayError::NeedsSupervisor(Act::TakeWithout3ds));
            }
            ThreeDs::NotAsked
        }
    };
    Ok(Chosen { plan, three_ds, shown })
}

/// The attempt that was set aside for this one: of the same part, and not where a supervisor lets this one stand beside an
/// approved one on purpose.
fn followed(earlier: &[Attempt], request: &PayRequest) -> Option<AttemptId> {
    let named = earlier.iter().find(|one| Some(one.intent.attempt) == request.overrides);
    if named.is_some_and(|one| one.state.is_approved()) {
        return None;
    }
    // What is not declared a further part may be the same money, whatever part was set aside.
    let same = |one: &Attempt| guard::pays_again(request.subject.part(), one.intent.subject.part());
    earlier.iter().rfind(|one| one.state.is_set_aside() && same(one)).map(|one| one.intent.attempt)
}

/// A further attempt belongs to the payment that is not paid yet.
fn continued_payment(earlier: &[Attempt], subject: &Subject) -> Option<PaymentId> {
    let last = earlier.iter().rfind(|attempt| attempt.intent.subject.part() == subject.part())?;
    let payment = last.intent.payment;
    let paid = earlier.iter().any(|attempt| attempt.intent.payment == payment && attempt.state.is_approved());
    (!paid).then_some(payment)
}
