//! The courses that single faults are put into: each gateway, card and limit, with 3-D Secure and without, whatever the
//! bank says, and what people do beside paying.

use crate::schedule::{NotASchedule, Schedule};

const FINROTA: &str = "at=finrota query=on rule=hint page=window style=0 lag=0";
const YOLCU360: &str = "at=yolcu360 query=on rule=hint page=window style=0 lag=0";

/// What becomes of a payment that goes over the bank's page.
const AT_THE_BANK: [&str; 11] = [
    "approves",
    "declines",
    "cancels",
    "walks",
    "silent",
    "late-yes",
    "late-no",
    "gone-yes",
    "gone-no",
    "no-then-yes",
    "bad-page",
];

/// What becomes of a payment that the gateway answers at once.
const DIRECTLY: [&str; 7] = ["approves", "declines", "walks", "silent", "late-yes", "late-no", "no-then-yes"];

/// Courses of their own: the scene, and what is done.
const OTHERS: &[(&str, &str)] = &[
    // The gateway's other habits.
    ("at=finrota query=on rule=hint page=window style=15 lag=0 who=0:0:3ds:x3:approves:once", "serve.0"),
    ("at=finrota query=on rule=hint page=window style=31 lag=0 who=0:0:plain:x1:declines+approves:once", "serve.0"),
    (
        "at=finrota query=on rule=hint page=window style=32 lag=0 who=0:0:plain:x1:declines+approves:once",
        "serve.0 serve.0",
    ),
    ("at=finrota query=on rule=hint page=window style=0 lag=20 who=0:0:plain:x1:approves:once", "serve.0"),
    ("at=finrota query=on rule=hint page=window style=0 lag=20 who=0:0:3ds:x1:declines+approves:once", "serve.0"),
    ("at=yolcu360 query=on rule=hint page=window style=7 lag=0 who=0:0:3ds:x3:declines+approves:once", "serve.0"),
    ("at=yolcu360 query=on rule=hint page=window style=16 lag=0 who=0:0:plain:x1:declines+approves:once", "serve.0"),
    ("at=yolcu360 query=on rule=hint page=window style=8 lag=0 who=0:0:limit:x1:approves:once", "serve.0"),
    ("at=yolcu360 query=on rule=hint page=window style=0 lag=20 who=0:0:plain:x1:approves:once", "serve.0"),
    ("at=yolcu360 query=on rule=hint page=window style=1 lag=20 who=0:0:3ds:x1:approves:once", "serve.0"),
    // Returns.
    ("at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:approves:twice", "serve.0"),
    ("at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:declines+approves:late", "serve.0"),
    ("at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:approves:never", "serve.0"),
    ("at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:approves:hidden", "serve.0"),
    ("at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:declines+approves:never", "serve.0"),
    // The system's browser.
    ("at=finrota query=on rule=hint page=browser style=0 lag=0 who=0:0:3ds:x1:approves:once", "serve.0"),
    ("at=finrota query=on rule=hint page=browser style=0 lag=0 who=0:0:3ds:x1:gone-yes:once", "serve.0"),
    ("at=yolcu360 query=on rule=hint page=browser style=0 lag=0 who=0:0:3ds:x1:declines+approves:once", "serve.0"),
    ("at=yolcu360 query=on rule=hint page=browser style=0 lag=0 who=0:0:3ds:x1:walks:never", "serve.0"),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:late-yes:once",
        "pay.0 wait.10 move-page.0 serve.0",
    ),
    // Nobody can be asked.
    ("at=finrota query=off rule=hint page=window style=0 lag=0 who=0:0:plain:x1:declines+approves:once", "serve.0"),
    ("at=finrota query=off rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:approves:once", "serve.0"),
    ("at=finrota query=off rule=settles page=window style=0 lag=0 who=0:0:3ds:x1:approves:once", "serve.0"),
    ("at=finrota query=off rule=settles page=window style=0 lag=0 who=0:0:3ds:x1:declines+approves:once", "serve.0"),
    ("at=yolcu360 query=off rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:approves:once", "serve.0"),
    ("at=yolcu360 query=off rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:declines+approves:once", "serve.0"),
    ("at=yolcu360 query=off rule=settles page=window style=0 lag=0 who=0:0:3ds:x1:approves:twice", "serve.0"),
    ("at=yolcu360 query=off rule=hint page=window style=0 lag=0 who=0:0:limit:x1:approves:once", "serve.0"),
    // More than one customer, on other and on the same order or reference.
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:approves:once who=1:0:plain:x1:approves:once",
        "pay.0 wait.3 serve.1 serve.0",
    ),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:late-yes:once who=0:1:plain:x1:approves:once",
        "pay.0 serve.1 await.0.300",
    ),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0/1:0:plain:x1:approves:once who=0/2:0:plain:x1:approves:once",
        "serve.0 serve.1",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:approves:once who=0:1:limit:x1:approves:once",
        "pay.0 wait.5 serve.1 await.0.300",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once who=1:1:limit:x1:declines:once who=2:0:3ds:x1:approves:once",
        "pay.0 pay.1 serve.2 await.0.60 await.1.60",
    ),
    // Double clicks, cancel, close.
    ("at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:approves:once", "pay-twice.0 await.0.300"),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once",
        "pay-twice.0 await.0.300",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:limit:x1:approves:once",
        "pay.0 cancel.0 serve.0",
    ),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:walks+approves:once",
        "pay.0 wait.5 close-window.0 await.0.60 forge.0 wait.30",
    ),
    // A supervisor's words.
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:silent+approves:once",
        "pay.0 await.0.300 wait.60 set-aside.0 serve.0",
    ),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:late-yes+approves:once",
        "pay.0 await.0.200 wait.60 set-aside.0 serve.0 wait.120",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:silent+approves:once",
        "pay.0 await.0.300 wait.60 set-aside.0 serve.0",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:late-yes+approves:once",
        "pay.0 wait.30 close-window.0 wait.100 set-aside.0 serve.0 wait.200",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:late-no+late-yes+approves:once",
        "pay.0 await.0.200 wait.60 set-aside.0 serve.0 serve.0",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=1 lag=5 who=0:0:3ds:x1:declines+late-yes+approves:never",
        "serve.0",
    ),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:silent+approves:once",
        "pay.0 await.0.300 resolve-twice.0.truth serve.0",
    ),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:late-yes+approves:once",
        "pay.0 await.0.200 resolve.0.no serve.0 wait.3700",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:limit:x1:late-no+approves:once",
        "pay.0 await.0.200 resolve.0.yes wait.3700 resolve.0.truth serve.0",
    ),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once",
        "serve.0 override.0 await.0.60",
    ),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:no-then-yes:once",
        "pay.0 await.0.60 wait.90 resolve.0.truth serve.0",
    ),
    // Money back.
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once",
        "serve.0 void.0 wait.5 ask-reversal.0 serve.0",
    ),
    (
        "at=finrota query=on rule=hint page=window style=2 lag=0 who=0:0:plain:x3:approves:once",
        "serve.0 refund.0.40 wait.5 refund.0.60 wait.70 ask.0 wait.5",
    ),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once",
        "serve.0 refund-twice.0.60 wait.90 resolve-reversal.0.truth",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once",
        "serve.0 refund.0.100 wait.70 ask-reversal.0 wait.5",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:limit:x1:approves:once",
        "serve.0 void.0 wait.70",
    ),
    // Given back by hand, in the gateway's portal.
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once",
        "serve.0 portal.0.40 refund.0.60 wait.70 refund.0.10 wait.5",
    ),
    (
        "at=finrota query=off rule=settles page=window style=0 lag=0 who=0:0:3ds:x1:approves:once",
        "serve.0 portal.0.100 resolve-reversal.0.no portal.0.100 see-reversal.0",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once",
        "serve.0 portal.0.100 wait.70 void.0 serve.0",
    ),
    // The desk comes and goes.
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:approves:once",
        "pay.0 wait.2 restart.5 serve.0",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:late-yes:once",
        "pay.0 wait.30 kill.20 second-start serve.0",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:limit:x1:approves:once",
        "serve.0 restart.60 serve.0 clock.-7200 serve.0 forget",
    ),
];

/// Courses into which something has gone wrong already, so that what is passed only then is passed: questions about a
/// reversal that was not answered, a journal that is opened anew.
const AFTER_A_FAULT: &[(&str, &str, &str)] = &[
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once",
        "serve.0 refund.0.40 wait.90 ask-reversal.0 wait.5",
        "reverse#1=timeout-after",
    ),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once",
        "serve.0 void.0 wait.90 resolve-reversal.0.no wait.5",
        "reverse#1=processed-late",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once",
        "serve.0 refund.0.100 wait.90 ask-reversal.0 wait.5",
        "reverse#1=http-after:500",
    ),
    (
        "at=finrota query=on rule=hint page=window style=0 lag=0 who=0:0:3ds:x1:approves:once",
        "serve.0 serve.0",
        "disk.sync#3=error",
    ),
    (
        "at=yolcu360 query=on rule=hint page=window style=0 lag=0 who=0:0:plain:x1:approves:once",
        "serve.0 serve.0",
        "disk.write#2=torn",
    ),
];

fn schedule(scene: &str, actions: &str) -> Result<Schedule, NotASchedule> {
    after_a_fault(scene, actions, "")
}

fn after_a_fault(scene: &str, actions: &str, fault: &str) -> Result<Schedule, NotASchedule> {
    format!("{scene} | do={actions} | faults={fault} | chaos=0 seed=1").parse()
}

/// Every course.
///
/// # Errors
/// Never, as a test holds the list to its grammar.
pub fn scenes() -> Result<Vec<Schedule>, NotASchedule> {
    let mut scenes = Vec::new();
    let served = |means: &str, behaviour: &str| format!("who=0:0:{means}:x1:{behaviour}+approves:once");
    for gateway in [FINROTA, YOLCU360] {
        for behaviour in AT_THE_BANK {
            scenes.push(schedule(&format!("{gateway} {}", served("3ds", behaviour)), "serve.0")?);
        }
        for behaviour in DIRECTLY {
            scenes.push(schedule(&format!("{gateway} {}", served("plain", behaviour)), "serve.0")?);
        }
    }
    for behaviour in DIRECTLY {
        scenes.push(schedule(&format!("{YOLCU360} {}", served("limit", behaviour)), "serve.0")?);
    }
    for (scene, actions) in OTHERS {
        scenes.push(schedule(scene, actions)?);
    }
    for (scene, actions, fault) in AFTER_A_FAULT {
        scenes.push(after_a_fault(scene, actions, fault)?);
    }
    Ok(scenes)
}
