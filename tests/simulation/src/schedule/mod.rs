//! A schedule: everything that a run is made of, in one line of text that repeats it.

mod action;
mod fault;
mod menu;
mod scene;

pub use action::{Action, Says};
pub use fault::{Boundary, Fault, NotASchedule, What};
pub use scene::{Behaviour, Customer, Means, Returns, Scene};

use std::fmt;
use std::str::FromStr;

/// Who comes, what is done, what goes wrong, and by which chance: the same schedule has the same run, event for event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The desk, its gateway, its customers.
    pub scene: Scene,
    /// What people at the desk do, in order.
    pub actions: Vec<Action>,
    /// What goes wrong, where.
    pub faults: Vec<Fault>,
    /// How many passings of boundaries in a thousand have a fault of their own, drawn by the seed.
    pub chaos: u16,
    /// Where everything random comes from: ids, references, nonces, chaos.
    pub seed: u64,
}

impl Schedule {
    /// The same with one more fault.
    #[must_use]
    pub fn with(&self, fault: Fault) -> Self {
        let mut with = self.clone();
        with.faults.push(fault);
        with
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} | do=", self.scene)?;
        for (place, action) in self.actions.iter().enumerate() {
            write!(formatter, "{}{action}", if place == 0 { "" } else { " " })?;
        }
        formatter.write_str(" | faults=")?;
        for (place, fault) in self.faults.iter().enumerate() {
            write!(formatter, "{}{fault}", if place == 0 { "" } else { " " })?;
        }
        write!(formatter, " | chaos={} seed={}", self.chaos, self.seed)
    }
}

impl FromStr for Schedule {
    type Err = NotASchedule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || NotASchedule(format!("{text:?}"));
        let parts: Vec<&str> = text.split('|').map(str::trim).collect();
        let [scene, actions, faults, chance] = parts.as_slice() else { return Err(wrong()) };
        let actions = actions.strip_prefix("do=").ok_or_else(wrong)?;
        let faults = faults.strip_prefix("faults=").ok_or_else(wrong)?;
        let (chaos, seed) = chance.split_once(' ').ok_or_else(wrong)?;
        let chaos = chaos.strip_prefix("chaos=").ok_or_else(wrong)?;
        let seed = seed.strip_prefix("seed=").ok_or_else(wrong)?;
        Ok(Self {
            scene: scene.parse()?,
            actions: actions.split_whitespace().map(str::parse).collect::<Result<_, _>>()?,
            faults: faults.split_whitespace().map(str::parse).collect::<Result<_, _>>()?,
            chaos: chaos.parse().map_err(|_| wrong())?,
            seed: seed.parse().map_err(|_| wrong())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_survives_its_line() {
        let line = "at=yolcu360 query=off rule=settles page=browser style=5 lag=20 who=0:1:3ds:x3:declines+approves:twice \
                    who=1/2:0:limit:x1:no-then-yes:never | do=serve.0 await.1.30 resolve.0.truth refund.1.50 restart.3 \
                    clock.-3600 second-start forget | faults=pay#1=http-after:502 disk.sync#12=power-cut | chaos=3 seed=77";
        let schedule: Schedule = line.parse().unwrap();
        assert_eq!(schedule.to_string(), line);
        assert_eq!((schedule.scene.customers.len(), schedule.actions.len(), schedule.faults.len()), (2, 8, 2));
        assert_eq!(schedule.scene.customers[0].behaviour(5), Behaviour::Approves);
        for odd in ["", "at=here | do= | faults= | chaos=0 seed=1", &line.replace("serve", "dance")] {
            assert!(odd.parse::<Schedule>().is_err(), "{odd}");
        }
    }
}
