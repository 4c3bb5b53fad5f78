//! What is still to happen, and the part of it that happens without the desk.

use tokio::sync::oneshot;
use vezne_core::attempt::ReturnHint;
use vezne_core::ids::AttemptId;
use vezne_gateway::reading::Answered;

use super::State;
use crate::bank;
use crate::books::PaymentNumber;
use crate::gateway::{Request, arrive};
use crate::schedule::What;

/// Where an answer goes; nobody may be waiting any more.
pub(crate) type ReplyTo = Option<oneshot::Sender<Answered>>;

/// Something that is still to happen.
pub(crate) enum Happening {
    /// A request reaches the gateway.
    Arrives(Box<Request>, ReplyTo),
    /// The bank decides about a payment; who still waits for the gateway's answer is told.
    Decides(PaymentNumber, bool, ReplyTo),
    /// The customer does something at the bank's page.
    ActsAtBank(AttemptId),
    /// The gateway gives a payment up that nobody decided.
    GivesUp(PaymentNumber),
    /// Somebody made room on the disk.
    RoomIsMade,
    /// A return from the bank reaches the desk.
    Returns(AttemptId, Box<ReturnHint>),
    /// The bank's window is closed by hand.
    WindowClosed(AttemptId),
    /// Something else happens at the desk just then.
    Beside(What),
}

impl Happening {
    /// Whether it is lost on a desk whose process is gone.
    pub(crate) const fn needs_the_desk(&self) -> bool {
        match self {
            Self::Returns(..) | Self::WindowClosed(_) | Self::Beside(_) => true,
            Self::Arrives(..) | Self::Decides(..) | Self::ActsAtBank(_) | Self::GivesUp(_) | Self::RoomIsMade => false,
        }
    }
}

impl State {
    /// What happens without the desk.
    pub(crate) fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Arrives(request, reply) => arrive(self, *request, reply),
            Happening::Decides(payment, yes, reply) => bank::decides(self, payment, yes, reply),
            Happening::ActsAtBank(attempt) => bank::customer_acts(self, attempt),
            Happening::GivesUp(payment) => bank::gives_up(self, payment),
            Happening::RoomIsMade => {
                if let Some(disk) = &self.disk {
                    disk.make_room();
                }
            }
            Happening::Returns(..) | Happening::WindowClosed(_) | Happening::Beside(_) => {}
        }
    }
}
