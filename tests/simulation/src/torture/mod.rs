//! Schedules by the million: what there is to try, and the table of what was tried.

use vezne_core::account::GatewayKind;

mod table;
mod units;

pub use table::{Line, Table};
pub use units::{Draw, Kind, Unit};

/// Names the sources that the schedules of this gateway are run by (`build.rs`): a change in the other gateway's part leaves
/// it as it is, and what was tried stays tried.
#[must_use]
pub const fn product(gateway: GatewayKind) -> &'static str {
    match gateway {
        GatewayKind::Finrota => env!("VEZNE_SIMULATED_FINROTA"),
        GatewayKind::Yolcu360 => env!("VEZNE_SIMULATED_YOLCU360"),
    }
}
