//! Ids of this slice, of the same random form as all others. They stand here until a second slice names one.

use vocabulary::{Entropy, FindingId, UnixMillis};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct $name(FindingId);

        impl $name {
            pub fn new(now: UnixMillis, entropy: &dyn Entropy) -> $name {
                $name(FindingId::new(now, entropy))
            }

            pub fn parse(text: &str) -> Option<$name> {
                FindingId::parse(text).map($name)
            }

            /// For SQL and addresses.
            pub fn text(self) -> String {
                self.0.text()
            }
        }
    )*};
}

ids! {
    /// One analysis, draft or signed.
    AnalysisId
    /// One entry of the register.
    RiskId
    /// One question's answer in one analysis.
    AnswerId
    /// One form of the staff about platform and policies.
    InsightId
    /// One thing that holds or moves health data.
    AssetId
    /// One way health data takes.
    FlowId
    /// One outside service.
    VendorId
    /// One change that asks for a fresh look.
    RequestId
    /// One entry of the register of interpreters.
    InterpreterId
    /// One periodic evaluation.
    EvaluationId
}
