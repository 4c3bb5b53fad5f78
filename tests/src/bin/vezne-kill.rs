//! `kill -9` in the middle of thousands of payments: what `scripts/kill.sh` starts. Its words are in the environment:
//!
//! - `COUNT`: until the table has so many kills for the sources as they are (default 2000); `MINUTES`: for so long at most.
//! - `JOBS`: so many homes side by side (default 2); `DESK=no`: without the kind that needs the desk's window.
//! - `TABLE`: the table that is read and added to; `SOURCES`: `group=fingerprint` for each group of sources; `COMMIT`.
//! - `SEED` with `KIND`: plays that case alone (and with `COUNT` those after it); `CASES=kind:seed,…`: plays these in one
//!   home. Neither touches the table.

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    match run::all() {
        Ok(true) => std::process::ExitCode::SUCCESS,
        Ok(false) => std::process::ExitCode::FAILURE,
        Err(words) => run::unreadable(&words),
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> std::process::ExitCode {
    // It listens to the journal's files by a means that only Linux has.
    std::process::ExitCode::from(2)
}

#[cfg(target_os = "linux")]
mod run {
    #![expect(clippy::print_stdout, clippy::print_stderr, reason = "it tells what it does")]

    use std::collections::BTreeMap;
    use std::fs;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::path::PathBuf;
    use std::sync::{Mutex, MutexGuard, PoisonError};
    use std::thread;
    use std::time::{Duration, Instant};

    use vezne_tests::kill::drill::Played;
    use vezne_tests::kill::plan::Kind;
    use vezne_tests::kill::shift;
    use vezne_tests::kill::tally::Table;

    /// Kinds and seeds of one home.
    type Cases = Vec<(Kind, u64)>;

    /// What all workers share.
    struct Work {
        table: Table,
        file: PathBuf,
        sources: BTreeMap<String, String>,
        commit: String,
        /// The next seed of each kind, and how many cases are being played.
        next: BTreeMap<Kind, u64>,
        playing: BTreeMap<Kind, u64>,
        until: Option<Instant>,
        target: u64,
        without_desk: bool,
        wrong: usize,
    }

    pub(super) fn unreadable(words: &str) -> std::process::ExitCode {
        eprintln!("vezne-kill: {words}");
        std::process::ExitCode::from(2)
    }

    fn given(name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|text| !text.is_empty())
    }

    fn number(name: &str, usual: u64) -> Result<u64, String> {
        given(name).map_or(Ok(usual), |text| text.parse().map_err(|_| format!("{name} is no number: {text}")))
    }

    /// Whether all was true.
    pub(super) fn all() -> Result<bool, String> {
        if let Some(cases) = chosen()? {
            return Ok(one_home(&cases));
        }
        let work = Mutex::new(Work::read()?);
        let began = Instant::now();
        let jobs = number("JOBS", 2)?.max(1);
        thread::scope(|scope| {
            for _ in 0..jobs {
                scope.spawn(|| {
                    loop {
                        let Some(cases) = lock(&work).hand_out() else { return };
                        let done = played(&cases);
                        lock(&work).take_back(&cases, done);
                    }
                });
            }
        });
        let work = work.into_inner().unwrap_or_else(PoisonError::into_inner);
        println!("\nin {} s; all kills in the table by moment:", began.elapsed().as_secs());
        for (phase, count) in work.table.phases() {
            println!("  {:<14}{count:>7}", phase.word());
        }
        let counting: u64 = Kind::ALL.iter().map(|(kind, _)| work.table.kills(*kind, work.fingerprint(*kind))).sum();
        println!("{counting} kills with the sources as they are; {} violations in this run", work.wrong);
        Ok(work.wrong == 0)
    }

    /// The cases that `SEED` or `CASES` name.
    fn chosen() -> Result<Option<Cases>, String> {
        if let Some(text) = given("CASES") {
            let one = |case: &str| {
                let (kind, seed) = case.split_once(':')?;
                Some((Kind::of_word(kind)?, seed.parse().ok()?))
            };
            let cases: Option<Cases> = text.split(',').map(one).collect();
            return cases.map(Some).ok_or_else(|| format!("CASES is no list of kind:seed: {text}"));
        }
        if given("SEED").is_none() {
            return Ok(None);
        }
        let words: Vec<&str> = Kind::ALL.iter().map(|(kind, _)| kind.word()).collect();
        let kind = given("KIND").and_then(|word| Kind::of_word(&word));
        let kind = kind.ok_or_else(|| format!("SEED needs a KIND: one of {}", words.join(" ")))?;
        let first = number("SEED", 1)?;
        let count = number("COUNT", 1)?;
        Ok(Some((first..first.saturating_add(count)).map(|seed| (kind, seed)).collect()))
    }

    /// Plays these in one home and says all that came of them.
    fn one_home(cases: &Cases) -> bool {
        let done = played(cases);
        for (kind, seed, played) in &done {
            let falls: Vec<&str> = played.falls.iter().map(|phase| phase.word()).collect();
            println!("{} {seed}: fell {falls:?}, ended before {}", kind.word(), played.missed);
        }
        tell_wrong(cases, &done) == 0
    }

    /// Plays them; a drill that itself breaks down is a violation too.
    fn played(cases: &Cases) -> Vec<(Kind, u64, Played)> {
        let done = catch_unwind(AssertUnwindSafe(|| shift::play(cases)));
        let words = match done {
            Ok(Ok(done)) => return done.played,
            Ok(Err(words)) => words,
            Err(_) => "the drill broke down; its words stand above".to_owned(),
        };
        let first = cases.first().copied().unwrap_or((Kind::FirstStart, 0));
        vec![(first.0, first.1, Played { wrong: vec![words], ..Played::default() })]
    }

    fn tell_wrong(cases: &Cases, done: &[(Kind, u64, Played)]) -> usize {
        let mut count = 0;
        for (kind, seed, played) in done {
            for words in &played.wrong {
                count += 1;
                println!("VIOLATION {} {seed}: {words}", kind.word());
                println!("  repeat it: KIND={} SEED={seed} scripts/kill.sh", kind.word());
            }
        }
        if count > 0 {
            let all: Vec<String> = cases.iter().map(|(kind, seed)| format!("{}:{seed}", kind.word())).collect();
            println!("  or its whole home: CASES={} scripts/kill.sh", all.join(","));
        }
        count
    }

    fn lock(work: &Mutex<Work>) -> MutexGuard<'_, Work> {
        work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    impl Work {
        fn read() -> Result<Self, String> {
            let file = PathBuf::from(given("TABLE").unwrap_or_else(|| "tests/kill.tsv".to_owned()));
            let table = Table::read(&fs::read_to_string(&file).unwrap_or_default())?;
            let pair = |text: &str| text.split_once('=').map(|(group, print)| (group.to_owned(), print.to_owned()));
            let sources = given("SOURCES").unwrap_or_default().split_whitespace().filter_map(pair).collect();
            let minutes = number("MINUTES", 0)?;
            let until = (minutes > 0).then(|| Instant::now() + Duration::from_secs(minutes.saturating_mul(60)));
            Ok(Self {
                table,
                file,
                sources,
                commit: given("COMMIT").unwrap_or_else(|| "-".to_owned()),
                next: BTreeMap::new(),
                playing: BTreeMap::new(),
                until,
                target: number("COUNT", 2_000)?,
                without_desk: given("DESK").as_deref() == Some("no"),
                wrong: 0,
            })
        }

        fn fingerprint(&self, kind: Kind) -> &str {
            self.sources.get(kind.sources()).map_or("-", String::as_str)
        }

        /// How many kills of a kind are still wanted.
        fn wanted(&self, kind: Kind, share: u32) -> u64 {
            if kind == Kind::Desk && self.without_desk {
                return 0;
            }
            let target = self.target.saturating_mul(share.into()).div_ceil(1_000);
            let playing = self.playing.get(&kind).copied().unwrap_or_default();
            let there = self.table.kills(kind, self.fingerprint(kind));
            target.saturating_sub(there).saturating_sub(playing)
        }

        /// The cases of the next home: those kinds first that lack most. `None` when all is done or the time is over.
        fn hand_out(&mut self) -> Option<Cases> {
            if self.until.is_some_and(|until| Instant::now() > until) {
                return None;
            }
            let mut cases = Cases::new();
            while cases.len() < shift::CASES {
                let lacking = Kind::ALL.iter().map(|(kind, share)| (self.wanted(*kind, *share), *kind));
                let Some((_, kind)) = lacking.filter(|(lack, _)| *lack > 0).max() else { break };
                let first = self.table.next_seed(kind, self.fingerprint(kind));
                let next = self.next.entry(kind).or_insert(first);
                cases.push((kind, *next));
                *next = next.saturating_add(1);
                let playing = self.playing.entry(kind).or_default();
                *playing = playing.saturating_add(1);
            }
            (!cases.is_empty()).then_some(cases)
        }

        fn take_back(&mut self, cases: &Cases, done: Vec<(Kind, u64, Played)>) {
            for (kind, _) in cases {
                let playing = self.playing.entry(*kind).or_default();
                *playing = playing.saturating_sub(1);
            }
            let kills: usize = done.iter().map(|(_, _, played)| played.falls.len()).sum();
            self.wrong += tell_wrong(cases, &done);
            for (kind, seed, played) in done {
                let sources = self.fingerprint(kind).to_owned();
                self.table.add((kind, seed), (&sources, &self.commit), &played);
            }
            // Written whole beside it first, so that a run that is broken off leaves a table.
            let fresh = self.file.with_extension("new");
            if let Err(error) = fs::write(&fresh, self.table.text()).and_then(|()| fs::rename(&fresh, &self.file)) {
                eprintln!("vezne-kill: {}: {error}", self.file.display());
            }
            let all: u64 = Kind::ALL.iter().map(|(kind, _)| self.table.kills(*kind, self.fingerprint(*kind))).sum();
            println!("{kills} kills in a home of {} payments; {all} of {} so far", cases.len(), self.target);
        }
    }
}
