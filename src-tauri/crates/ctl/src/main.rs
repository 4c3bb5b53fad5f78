#![doc = include_str!("../README.md")]

mod act;
mod args;
mod context;
mod exit;
mod failure;
mod messages;
mod output;
mod report;
mod standing;
mod stdin;
mod stop;
mod unanswered;
mod verbs;
mod watch;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;
use vezne_core::reversal::Kind;
use vezne_core::text::ForeignText;
use vezne_memory::{WIPING_HEAP, WipingHeap};

use act::Act;
use args::{Cli, JournalVerb, OperatorVerb, PaymentVerb, Verb};
use context::Context;
use exit::Exit;
use failure::Failure;
use messages::Code;
use output::Output;
use standing::Standing;
use verbs::{resolve, reverse};

/// Libraries copy what passes through them, a card on its way out too, and give it back as it is.
#[global_allocator]
static HEAP: WipingHeap = WIPING_HEAP;

/// How long the end waits for what may not be cut short; a browser in a terminal is not waited for.
const END: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    let private = vezne_memory::keep_private();
    let arguments = args::with_payment(std::env::args_os().collect());
    let json = arguments.iter().any(|argument| argument == "--json");
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            return ExitCode::from(unreadable(&Output::new(json), &error, &Act::of_unread(&arguments)).code());
        }
    };
    if matches!(cli.verb, Verb::OpenPage) {
        return open_page();
    }
    let output = Output::new(cli.json);
    if let Err(error) = private {
        output.warn(&format!("Other programs of this user may be able to read this one's memory: {error}"));
    }
    let act = Act::of(&cli.verb);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let exit = match runtime {
        Ok(runtime) => {
            let exit = runtime.block_on(run(cli, output, &act));
            runtime.shutdown_timeout(END);
            exit
        }
        Err(error) => {
            let failure = Failure::environment(Code::HomeUnusable).because(error);
            report::failure(&output, &failure, &act, &Standing::default())
        }
    };
    ExitCode::from(exit.code())
}

/// Nothing is printed: whoever started it reads only how it ended, and shares its output with others.
fn open_page() -> ExitCode {
    let exit = match vezne_home::open_in_browser(std::io::stdin().lock()) {
        Ok(()) => Exit::Done,
        Err(_) => Exit::CheckFailed,
    };
    ExitCode::from(exit.code())
}

/// Help and the version are no mistakes. A mistake's words go through the filter for card numbers: someone may have
/// typed one as an argument.
fn unreadable(output: &Output, error: &clap::Error, act: &Act) -> Exit {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let _nobody = output.bytes(error.to_string().as_bytes());
        return Exit::Done;
    }
    let words: Vec<String> = error.to_string().lines().map(filtered).collect();
    output.warn(words.join("\n").trim_end());
    if output.is_json() {
        report::failure(
            output,
            &Failure::arguments(Code::Arguments).because(on_one_line(&words)),
            act,
            &Standing::default(),
        );
    }
    Exit::Arguments
}

/// What is wrong, with what it lists on the lines below it.
fn on_one_line(words: &[String]) -> String {
    let said: Vec<&str> = words.iter().map(|line| line.trim()).take_while(|line| !line.is_empty()).collect();
    let (first, listed) = said.split_first().map_or(("", &[][..]), |(first, listed)| (*first, listed));
    format!("{} {}", first.trim_start_matches("error: "), listed.join(", ")).trim_end().to_owned()
}

fn filtered(line: &str) -> String {
    let indent: String = line.chars().take_while(|c| *c == ' ').collect();
    format!("{indent}{}", ForeignText::filter(line))
}

async fn run(cli: Cli, output: Output, act: &Act) -> Exit {
    let nobody = Standing::default();
    if let Verb::Sandbox(args) = cli.verb {
        let done = verbs::sandbox::run(&output, args).await;
        return done.unwrap_or_else(|failure| report::failure(&output, &failure, act, &nobody));
    }
    let context = match Context::new(cli.home, output) {
        Ok(context) => context,
        Err((output, failure)) => return report::failure(&output, &failure, act, &nobody),
    };
    match carry_out(&context, cli.verb).await {
        Ok(exit) => exit,
        Err(failure) => {
            let standing = match act.given() {
                Some(given) => Standing::read(&context, given).await,
                None => nobody,
            };
            report::failure(&context.output, &failure, act, &standing)
        }
    }
}

async fn carry_out(context: &Context, verb: Verb) -> Result<Exit, Failure> {
    match verb {
        Verb::Sandbox(args) => verbs::sandbox::run(&context.output, args).await,
        Verb::Pay(args) => verbs::pay::run(context, *args).await,
        Verb::Options(args) => verbs::options::run(context, args).await,
        Verb::Payment(verb) => payment(context, verb).await,
        Verb::Operator(OperatorVerb::Add { name, role, right }) => {
            verbs::operator_add::run(context, &name, role, &right).await
        }
        Verb::Operator(OperatorVerb::List) => verbs::operator_list::run(context).await,
        Verb::Printer(verb) => verbs::printer::run(context, verb).await,
        Verb::Close(args) => verbs::close::run(context, args).await,
        Verb::Journal(JournalVerb::Verify { anchors, deep }) => verbs::verify::run(context, &anchors, deep).await,
        Verb::Journal(JournalVerb::Export(args)) => verbs::export::run(context, args).await,
        Verb::Journal(JournalVerb::Backup { file }) => verbs::backup::run(context, file.as_deref()).await,
        Verb::Journal(JournalVerb::Repair { more }) => verbs::repair::run(context, &more).await,
        Verb::Journal(JournalVerb::Rebuild { key_is_lost }) => verbs::rebuild::run(context, key_is_lost).await,
        Verb::Doctor(args) => verbs::doctor::run(context, args).await,
        // Done before any of this was needed.
        Verb::OpenPage => Ok(Exit::Done),
    }
}

async fn payment(context: &Context, verb: PaymentVerb) -> Result<Exit, Failure> {
    match verb {
        PaymentVerb::Show { id } => verbs::show::run(context, &id).await,
        PaymentVerb::Receipt(args) => verbs::receipt::run(context, &args).await,
        PaymentVerb::List(args) => verbs::list::run(context, args).await,
        PaymentVerb::Ask { id } => verbs::ask::run(context, &id).await,
        PaymentVerb::Note { payment, text, operator } => {
            verbs::note::run(context, verbs::note::Wanted { payment, text, operator }).await
        }
        PaymentVerb::Void { payment, right } => {
            reverse::run(context, reverse::Wanted { payment, kind: Kind::Void, amount: None, right }).await
        }
        PaymentVerb::Refund { payment, amount, right } => {
            reverse::run(context, reverse::Wanted { payment, kind: Kind::Refund, amount, right }).await
        }
        PaymentVerb::RecordReturn { payment, amount, saw, void, yes, right } => {
            let wanted = verbs::record_return::Wanted { payment, amount, saw, void, yes, right };
            verbs::record_return::run(context, wanted).await
        }
        PaymentVerb::SetAside { attempt, saw, yes, right } => {
            verbs::set_aside::run(context, &attempt, saw.as_deref(), yes, &right).await
        }
        PaymentVerb::Resolve { id, outcome, saw, yes, right } => {
            resolve::run(context, resolve::Wanted { id, outcome, saw, yes, right }).await
        }
    }
}
