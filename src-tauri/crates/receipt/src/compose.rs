//! From a receipt to blocks: one layout for every paper.

use vezne_core::account::GatewayKind;
use vezne_core::card::CardSummary;
use vezne_core::money::Money;
use vezne_core::reversal::Kind;

use crate::Language;
use crate::block::{Align, Block, Document, Row, Text};
use crate::figures::{amount, moment};
use crate::receipt::{Basis, Means, NotBack, Plan, Proves, Receipt, Subject, Told};
use crate::words::{Titles, Words, words};

impl Receipt {
    /// The receipt as blocks, in that language.
    #[must_use]
    pub fn document(&self, language: Language) -> Document {
        let says = Says { receipt: self, words: words(language), language };
        let head: Vec<Text> = self.merchant.iter().map(Text::from).filter(|line| !line.is_empty()).collect();
        let mut blocks = Vec::new();
        if !head.is_empty() {
            blocks.extend([Block::Head(head), Block::Rule]);
        }
        let title = Text::new(title(&self.told, &says.words.titles));
        blocks.push(Block::Title(title.clone()));
        blocks.extend(says.outcome());
        for rows in [says.circumstances(), says.money(), says.numbers()] {
            if !rows.is_empty() {
                blocks.extend([Block::Rule, Block::Rows(rows)]);
            }
        }
        blocks.push(Block::Rule);
        blocks.push(Block::Small(Text::new(says.words.not_fiscal)));
        let mut document = Document { language, title, moment: self.at, blocks };
        if self.marks.training {
            document = document.as_training();
        }
        match self.marks.copy {
            Some(mark) => document.as_copy(mark),
            None => document,
        }
    }
}

/// A card as it is shown anywhere: brand, BIN, last four digits.
fn masked(card: &CardSummary) -> String {
    format!("{} {} **** {}", card.brand, card.bin, card.last_four)
}

const fn gateway_name(gateway: GatewayKind) -> &'static str {
    match gateway {
        GatewayKind::Finrota => "Finrota",
        GatewayKind::Yolcu360 => "Yolcu360",
    }
}

const fn title(told: &Told, titles: &Titles) -> &'static str {
    match told {
        Told::Approved { .. } => titles.approved,
        Told::Declined { .. } => titles.declined,
        Told::Refused { .. } => titles.refused,
        Told::NotSent { .. } => titles.not_sent,
        Told::Unknown { .. } => titles.unknown,
        Told::Returned { kind: Kind::Void, .. } => titles.voided,
        Told::Returned { kind: Kind::Refund, .. } => titles.refunded,
        Told::NotReturned { kind: Kind::Void, .. } => titles.not_voided,
        Told::NotReturned { kind: Kind::Refund, .. } => titles.not_refunded,
        Told::ReturnUnknown { kind: Kind::Void, .. } => titles.void_unknown,
        Told::ReturnUnknown { kind: Kind::Refund, .. } => titles.refund_unknown,
    }
}

/// Whether a decline's reason is the bank's or gateway's own: of what a supervisor settled, neither said anything.
const fn is_the_banks(basis: Basis) -> bool {
    match basis {
        Basis::GatewayStatus | Basis::Answer | Basis::ReturnAndProbe | Basis::ReturnAlone => true,
        Basis::Supervisor | Basis::CounterEntry => false,
    }
}

struct Says<'a> {
    receipt: &'a Receipt,
    words: &'static Words,
    language: Language,
}

impl Says<'_> {
    /// What became of it: the figure where money moved, a plain sentence where none did, neither where nobody knows.
    fn outcome(&self) -> Vec<Block> {
        let words = self.words;
        let paragraph = |text: &str| Block::Paragraph(Text::new(text));
        let mut blocks = match &self.receipt.told {
            Told::Approved { amount, .. } => amount.iter().map(|amount| self.figure(*amount)).collect(),
            Told::Declined { reason, basis, .. } => {
                let mut blocks = vec![Block::Title(Text::new(words.not_charged))];
                blocks.extend(is_the_banks(*basis).then(|| paragraph((words.declined)(*reason))));
                blocks
            }
            Told::Refused { by, .. } => {
                vec![Block::Title(Text::new(words.nothing_charged)), paragraph((words.refused)(*by))]
            }
            Told::NotSent { .. } => {
                vec![Block::Title(Text::new(words.nothing_charged)), paragraph(words.not_sent)]
            }
            Told::Unknown { next, .. } => {
                vec![Block::Strong(Text::new(words.unknown)), paragraph((words.next)(*next)), paragraph(words.keep)]
            }
            Told::Returned { kind, amount, proves, .. } => vec![
                self.figure(*amount),
                match proves {
                    Proves::Money => paragraph((words.returned)(*kind)),
                    Proves::Cancellation => Block::Strong(Text::new(words.only_cancelled)),
                },
            ],
            Told::NotReturned { why, .. } => {
                vec![Block::Title(Text::new(words.nothing_back)), paragraph((words.not_back)(why))]
            }
            Told::ReturnUnknown { next, .. } => {
                vec![
                    Block::Strong(Text::new(words.return_unknown)),
                    paragraph((words.next)(*next)),
                    paragraph(words.keep),
                ]
            }
        };
        let doubt = match &self.receipt.told {
            Told::Approved { doubt, .. } | Told::Declined { doubt, .. } => (words.doubt)(*doubt),
            Told::Refused { .. }
            | Told::NotSent { .. }
            | Told::Unknown { .. }
            | Told::Returned { .. }
            | Told::NotReturned { .. }
            | Told::ReturnUnknown { .. } => None,
        };
        blocks.extend(doubt.map(|doubt| Block::Strong(Text::new(doubt))));
        blocks
    }

    fn figure(&self, money: Money) -> Block {
        Block::Figure(Text::from(amount(money, self.language)))
    }

    fn row(&self, label: &'static str, value: impl Into<Text>) -> Option<Row> {
        let value = value.into();
        (!value.is_empty()).then(|| Row { label: Text::new(label), value, align: Align::Left, strong: false })
    }

    /// Where, when, by whom, for what.
    fn circumstances(&self) -> Vec<Row> {
        let (receipt, labels) = (self.receipt, &self.words.labels);
        let (subject, part) = match &receipt.subject {
            Subject::Order(order) => (self.row(labels.order, order), None),
            Subject::Booking { reference, part } => (
                self.row(labels.reference, reference),
                part.and_then(|part| self.row(labels.part, (self.words.part)(part))),
            ),
        };
        [
            self.row(labels.time, moment(receipt.at, &receipt.zone, self.language)),
            receipt.settled.and_then(|at| self.row(labels.settled, moment(at, &receipt.zone, self.language))),
            subject,
            part,
            receipt.desk.as_ref().and_then(|desk| self.row(labels.desk, desk)),
            receipt.operator.as_ref().and_then(|name| self.row(labels.operator, name)),
            self.row(labels.account, receipt.account.to_string()),
            self.row(labels.gateway, gateway_name(receipt.gateway)),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    /// How much, and with what.
    fn money(&self) -> Vec<Row> {
        let labels = &self.words.labels;
        let mut rows = self.sums();
        match &self.receipt.means {
            Means::Card { card, holder, plan, secure } => {
                // What goes back goes back at once, whatever it was paid in.
                if !self.speaks_of_a_reversal() {
                    rows.extend(self.plan(*plan));
                }
                rows.extend(self.row(labels.card, masked(card)));
                rows.extend(holder.as_ref().and_then(|name| self.row(labels.holder, name)));
                rows.extend(secure.and_then(|secure| self.row(labels.secure, (self.words.secure)(secure))));
            }
            Means::CreditLimit => rows.extend(self.row(labels.means, self.words.credit_limit)),
        }
        rows
    }

    const fn speaks_of_a_reversal(&self) -> bool {
        match &self.receipt.told {
            Told::Returned { .. } | Told::NotReturned { .. } | Told::ReturnUnknown { .. } => true,
            Told::Approved { .. }
            | Told::Declined { .. }
            | Told::Refused { .. }
            | Told::NotSent { .. }
            | Told::Unknown { .. } => false,
        }
    }

    fn sums(&self) -> Vec<Row> {
        let labels = &self.words.labels;
        let sum = |label, money: Option<Money>| {
            let row = money.and_then(|money| self.row(label, amount(money, self.language)));
            row.map(|row| Row { align: Align::Right, ..row })
        };
        let strong = |row: Option<Row>| row.map(|row| Row { strong: true, ..row });
        let rows = match &self.receipt.told {
            Told::Approved { amount: total, .. } => {
                // Commission is said only where both sums are known and differ; it may be a discount.
                let base = self.receipt.base.filter(|base| Some(base) != total.as_ref());
                let commission = base.and_then(|base| total.and_then(|total| total.checked_sub(base)));
                let base = commission.and(base);
                vec![sum(labels.owed, base), sum(labels.commission, commission), strong(sum(labels.total, *total))]
            }
            Told::Declined { amount, .. }
            | Told::Refused { amount, .. }
            | Told::NotSent { amount }
            | Told::Unknown { amount, .. } => vec![sum(labels.amount, amount.or(self.receipt.base))],
            Told::NotReturned { amount, paid, .. } => {
                vec![sum(labels.paid, *paid), sum(labels.amount, Some(*amount))]
            }
            Told::Returned { kind, amount, paid, .. } | Told::ReturnUnknown { kind, amount, paid, .. } => {
                vec![sum(labels.paid, *paid), strong(sum((labels.returned)(*kind), Some(*amount)))]
            }
        };
        rows.into_iter().flatten().collect()
    }

    /// `3 × 185,00 TRY`.
    fn plan(&self, plan: Plan) -> Option<Row> {
        let label = self.words.labels.plan;
        match (plan.installments, plan.monthly) {
            (0 | 1, _) => self.row(label, self.words.single_payment),
            (count, Some(monthly)) => {
                self.row(label, format!("{count}\u{a0}×\u{a0}{}", amount(monthly, self.language)))
            }
            (count, None) => self.row(label, (self.words.installments)(count)),
        }
    }

    /// By which numbers it is found again, and how it is known.
    fn numbers(&self) -> Vec<Row> {
        let (receipt, labels) = (self.receipt, &self.words.labels);
        let numbers = &receipt.numbers;
        let from =
            |label, text: &Option<vezne_core::text::ForeignText>| text.as_ref().and_then(|text| self.row(label, text));
        let (said, bank_code, reversal, basis) = match &receipt.told {
            Told::Approved { basis, .. } => (None, None, None, Some(*basis)),
            Told::Declined { said, bank_code, basis, .. } => {
                (from(labels.bank_says, said), from(labels.bank_code, bank_code), None, Some(*basis))
            }
            Told::Refused { said, .. } => (from(labels.gateway_says, said), None, None, None),
            Told::NotSent { .. } | Told::Unknown { .. } => (None, None, None, None),
            Told::Returned { kind, reversal, basis, .. } => (None, None, Some((*kind, *reversal)), Some(*basis)),
            Told::NotReturned { kind, reversal, why, .. } => {
                let said = match why {
                    NotBack::Gateway(said) => from(labels.gateway_says, said),
                    NotBack::Vezne | NotBack::NotSent | NotBack::Supervisor => None,
                };
                (said, None, Some((*kind, *reversal)), None)
            }
            Told::ReturnUnknown { kind, reversal, .. } => (None, None, Some((*kind, *reversal)), None),
        };
        [
            said,
            bank_code,
            from(labels.gateway_payment, &numbers.payment),
            from(labels.gateway_reference, &numbers.reference),
            from(labels.authorisation, &numbers.authorisation),
            self.row(labels.attempt, receipt.attempt.to_string()),
            reversal.and_then(|(kind, reversal)| self.row((labels.reversal)(kind), reversal.to_string())),
            self.row(labels.payment, receipt.payment.to_string()),
            basis.and_then(|basis: Basis| self.row(labels.basis, (self.words.basis)(basis))),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
