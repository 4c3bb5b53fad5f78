//! Plays a sale of every kind in the real desk, with real keys, and prints what is left of each card: on the disk, in
//! arguments and environments, and in the memory of every process (`scripts/leaks.sh`).

#[cfg(not(target_os = "linux"))]
fn main() {}

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    linux::main()
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, Write as _};
    use std::time::Duration;

    use vezne_sandbox::{Call, Fault, FaultRule, Gateway, When};
    use vezne_tests::desk::{Desk, card_of};
    use vezne_tests::desktop::by_hand::ByHand;
    use vezne_tests::desktop::window::wishes;
    use vezne_tests::leaks::canary::Canary;
    use vezne_tests::leaks::runs::{self, Customer, Left, Played, Whose};

    const AMEX: [&str; 2] = ["374427000000003", "374427000001555"];

    fn visa(scene: &str, code: &'static str) -> Canary<'static> {
        Canary { number: card_of(scene), code }
    }

    fn sales() -> Vec<Played<'static>> {
        use Customer::{Cancels, Confirms, IsNotAsked, Waits};
        let sale = |what, card, subject, customer, outcome| Played { what, card, subject, customer, outcome };
        vec![
            sale(
                "approved, no bank's page",
                visa("without_3d", "097"),
                ("LEAK-1", "101.00"),
                IsNotAsked,
                Some("approved"),
            ),
            sale(
                "approved, 3-D Secure",
                Canary { number: AMEX[0], code: "0836" },
                ("LEAK-2", "102.00"),
                Confirms,
                Some("approved"),
            ),
            sale(
                "declined at the bank",
                Canary { number: AMEX[1], code: "0947" },
                ("LEAK-3", "103.00"),
                Confirms,
                Some("declined"),
            ),
            sale(
                "declined at once",
                visa("decline_2002_402", "089"),
                ("LEAK-4", "104.00"),
                IsNotAsked,
                Some("declined"),
            ),
            sale("cancelled at the bank", visa("return_302", "063"), ("LEAK-5", "105.00"), Cancels, Some("declined")),
            sale(
                "refused by the gateway",
                visa("forbidden_address", "079"),
                ("LEAK-6", "106.00"),
                IsNotAsked,
                Some("refused"),
            ),
            sale("unknown", visa("cut_after", "086"), ("LEAK-7", "107.00"), IsNotAsked, Some("unknown")),
            sale("parked at the bank", visa("return_303", "073"), ("LEAK-8", "108.00"), Waits, None),
        ]
    }

    fn line(out: &mut impl io::Write, what: &str, left: &Left) -> io::Result<()> {
        let of = |whose: Whose| {
            let found: Vec<String> = left
                .iter()
                .filter(|((who, _), _)| *who == whose)
                .map(|((_, form), count)| format!("{count} × {form}"))
                .collect();
            if found.is_empty() { "0".to_owned() } else { found.join(", ") }
        };
        writeln!(
            out,
            "| {what} | {} | {} | {} | {} |",
            of(Whose::Desk),
            of(Whose::Page),
            of(Whose::WebView),
            of(Whose::System)
        )
    }

    pub(super) fn main() -> io::Result<()> {
        let out = &mut io::stdout().lock();
        let desk = ByHand::over(Desk::with(wishes()), &vec![("VEZNE_MEMORY_READABLE", "1".into())]);
        desk.wait_for_sale();
        let sales = sales();
        let cards: Vec<Canary<'_>> = sales.iter().map(|sale| sale.card).collect();
        let before = runs::in_memory(&desk, &cards);
        writeln!(out, "| a few seconds after | the desk | the page | network | the system's |\n|---|---|---|---|---|")?;
        line(out, "the start (by chance)", &before)?;
        for sale in &sales {
            if sale.outcome == Some("unknown") {
                // Nobody says what became of it.
                let deaf = Fault::Status { status: 500, body: None, when: When::Before };
                desk.desk().fault(FaultRule::new(Gateway::Finrota, Call::Status, deaf));
            }
            runs::play(&desk, sale);
            desk.picture(sale.subject.0);
            runs::rest();
            line(out, sale.what, &runs::beyond(&runs::in_memory(&desk, &cards), &before))?;
            if sale.customer == Customer::Waits {
                break;
            }
            desk.next_sale(if sale.outcome == Some("unknown") { "ctrl+n" } else { "Return" });
        }
        // The time in which a declined card may be used again, and a little.
        std::thread::sleep(Duration::from_secs(122));
        line(out, "all of them, 122 s later", &runs::beyond(&runs::in_memory(&desk, &cards), &before))?;
        let written = runs::written_down(&desk, &cards);
        writeln!(out, "\nfiles, output, arguments and environments: {} finds", written.len())?;
        for place in written {
            writeln!(out, "- {place}")?;
        }
        Ok(())
    }
}
