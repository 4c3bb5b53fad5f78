//! `veznectl pay`

use tokio::sync::mpsc;
use vezne_core::account::PagePlace;
use vezne_core::attempt::Subject;
use vezne_core::ids::AttemptId;
use vezne_core::money::{Currency, Money};
use vezne_core::options::Choice;
use vezne_core::order::OrderId;
use vezne_core::reference::{Part, Reference};
use vezne_home::{Home, Notice, OpenTill};
use vezne_till::{AttemptView, Authority, PayError, PayMeans, PayRequest};
use zeroize::Zeroizing;

use crate::args::PayArgs;
use crate::context::{self, Context, aside};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::messages::Code;
use crate::stop::Stop;
use crate::watch::Watch;
use crate::{report, stdin};

/// What was asked for, read and checked before anything is opened.
struct Wanted {
    subject: Subject,
    amount: Option<Money>,
    amount_again: Option<Money>,
    means: PayMeans,
    authority: Option<Authority>,
    overrides: Option<AttemptId>,
}

pub(crate) async fn run(context: &Context, args: PayArgs) -> Result<Exit, Failure> {
    let mut stop = Stop::listen();
    let is_order = args.order.is_some();
    let (mut open, request, news) = stop.unless_asked(prepare(context, args)).await?;
    let changes = open.till.changes();
    let outcome = match begin(context, &mut open, request, &mut stop).await {
        Ok(first) => {
            let watch = Watch { output: &context.output, till: &open.till, changes, news, stop };
            watch.outcome(first).await
        }
        Err(failure) => Err(of_order(failure, is_order)),
    };
    open.close().await;
    let watched = outcome?;
    let beside = if watched.interrupted { report::Beside::Interrupted } else { report::Beside::Nothing };
    Ok(report::attempt(&context.output, &watched.view, beside))
}

/// Reads everything and opens the till. Whoever stops this has stopped everything: there is no attempt yet.
async fn prepare(
    context: &Context,
    args: PayArgs,
) -> Result<(OpenTill, PayRequest, mpsc::UnboundedReceiver<Notice>), Failure> {
    let settings = context.home.settings()?;
    let account = settings.accounts.iter().find(|account| account.name == args.account || account.id == args.account);
    let usual = account.and_then(|account| account.currencies.first().copied());
    if account.is_none() {
        let names: Vec<&str> = settings.accounts.iter().map(|account| account.name.as_str()).collect();
        return Err(Failure::arguments(Code::UnknownAccount).because(format!("There are: {}.", names.join(", "))));
    }
    let (name, operator, twin_confirmed) = (args.account.clone(), args.operator.clone(), args.twin_ok);
    let home = context.home.clone();
    // Waiting for standard input must not keep a stop from being heard.
    let wanted = aside(move || read(&home, &args, usual)).await?;
    let (opening, news) = context.opening();
    let mut open = context.open_till(opening).await?;
    let account = context::account(&mut open, &name)?;
    let operator = context::operator(&open.ports, operator.as_deref()).await?;
    let request = PayRequest {
        account,
        subject: wanted.subject,
        amount: wanted.amount,
        amount_again: wanted.amount_again,
        means: wanted.means,
        operator,
        authority: wanted.authority,
        overrides: wanted.overrides,
        twin_confirmed,
        page: Some(PagePlace::Browser),
    };
    Ok((open, request, news))
}

/// An order has no parts: what is advised about one that is paid already leaves them out.
fn of_order(failure: Failure, is_order: bool) -> Failure {
    if is_order && failure.code == Code::DuplicatePaid {
        let next = "Nothing more has to be paid. If it must be paid once more, a supervisor allows it (--override with --as and \
--reason).";
        return Failure { next: Some(next.to_owned()), ..failure };
    }
    failure
}

/// Begins the payment. Never dropped half-way: only the till's answer tells whether there is an attempt, and which one is
/// to be cancelled when someone stops it meanwhile.
async fn begin(
    context: &Context,
    open: &mut OpenTill,
    request: PayRequest,
    stop: &mut Stop,
) -> Result<AttemptView, Failure> {
    let begun = open.till.pay(request);
    tokio::pin!(begun);
    tokio::select! {
        begun = &mut begun => return begun.map_err(Failure::from),
        () = stop.asked() => {}
    }
    context.output.warn("  Stopping …");
    stop.ask_again();
    match begun.await {
        Ok(first) => Ok(first),
        // Whether the journal took it is not for us to say.
        Err(PayError::Journal(fault)) => Err(fault.into()),
        // Whatever else kept it from beginning: it was stopped, and nothing was sent.
        Err(error) => Err(Failure::not_sent(Code::Cancelled).because(error)),
    }
}

fn read(home: &Home, args: &PayArgs, usual: Option<Currency>) -> Result<Wanted, Failure> {
    // Before the card is read: what can't be allowed anyway asks for no card.
    if context::claimed(&args.right)?.is_none() && (args.overrides.is_some() || args.no_3ds) {
        return Err(Failure::refused(Code::NeedsSupervisor));
    }
    let currency = args.currency.as_deref().map(context::currency).transpose()?.or(usual);
    let amount_of = |text: &Option<String>| match (text, currency) {
        (Some(text), Some(currency)) => context::amount(text, currency).map(Some),
        (Some(_), None) | (None, _) => Ok(None),
    };
    let subject = subject(args)?;
    let (amount, amount_again) = (amount_of(&args.amount)?, amount_of(&args.confirm_amount)?);
    let overrides = args.overrides.as_deref().map(context::id).transpose()?;
    let (means, pin) = means(home, args)?;
    let authority = context::authority(&args.right, pin)?;
    Ok(Wanted { subject, amount, amount_again, means, authority, overrides })
}

fn subject(args: &PayArgs) -> Result<Subject, Failure> {
    if let Some(order) = &args.order {
        let order: OrderId = order.parse().map_err(|error| Failure::refused(Code::Order).because(error))?;
        return Ok(Subject::Order(order));
    }
    let reference = args.reference.as_deref().unwrap_or_default();
    let reference: Reference = reference.parse().map_err(|error| Failure::refused(Code::Reference).because(error))?;
    let part = args.part.as_deref().map(str::parse::<Part>).transpose();
    let part = part.map_err(|error| Failure::refused(Code::Part).because(error))?;
    Ok(Subject::Reference { reference, part })
}

fn means(home: &Home, args: &PayArgs) -> Result<(PayMeans, Option<Zeroizing<String>>), Failure> {
    if args.from_limit {
        let pin = match args.right.supervisor {
            Some(_) => stdin::pins(&["the supervisor's PIN"])?.pop(),
            None => None,
        };
        return Ok((PayMeans::CreditLimit, pin));
    }
    let now = jiff::Timestamp::now().to_zoned(context::zone(home));
    let today = (u16::try_from(now.year()).unwrap_or(u16::MAX), u8::try_from(now.month()).unwrap_or(u8::MAX));
    let input = stdin::card(today)?;
    let choice = Choice {
        program: args.program.as_deref().map(vezne_core::options::ProgramId::named),
        installments: args.installments,
        shown_total: None,
    };
    let means = PayMeans::Card { card: Box::new(input.card), choice, shown: None, three_ds: !args.no_3ds };
    Ok((means, input.supervisor_pin))
}
