//! What must not be lost, read or changed unseen.
//!
//! Owns the vault (keys, sealing), the store (the one place that names a database engine), the trail (the log
//! through which every change commits), the outbox, files, the bus between tasks, and the kept settings.
//! Refuses to know what a visit or a patient is: it holds rows, sealed values and who touched them.
//!
//! The way in is [`Keep`]. `read()` gives plain columns. `view()` may open sealed ones and leaves a view
//! entry. `begin()` is the single writer, and `Tx::commit` is the only commit there is: no act without its
//! entry.

mod bus;
#[cfg(test)]
mod crash_tests;
mod error;
pub mod files;
mod handing;
#[cfg(test)]
mod handing_tests;
mod keep;
mod keys;
#[cfg(test)]
mod keys_tests;
pub mod outbox;
#[cfg(test)]
mod row_tests;
mod schema;
mod seen;
mod settings;
mod shredding;
pub mod store;
#[cfg(test)]
mod tamper_tests;
pub mod testing;
#[cfg(test)]
mod tests;
pub mod trail;
mod transfer;
#[cfg(test)]
mod transfer_tests;
mod tx;
pub mod vault;
mod view;

pub use bus::{Bus, Hint};
pub use error::KeepError;
pub use handing::{Handed, Which};
pub use keep::{Config, Keep, holds_practice};
pub use keys::Renewed;
pub use outbox::{Carrier, CarryError, Channel, Letter};
pub use schema::{Schema, Step};
pub use settings::{Face, Settings};
pub use shredding::{Certificate, Shredding};
pub use store::{Arg, Conn, Row, Server, ToArg};
pub use trail::{Entry, Object, Outcome};
pub use transfer::{Copied, transfer};
pub use tx::{Reader, Tx};
pub use vault::{Owner, Place};
pub use view::Viewing;

/// A boxed future, as the trait objects of this crate return it.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The arguments of one statement, in the order of its `$n` markers: `args![id.text(), now, None::<i64>]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => {
        ::std::vec::Vec::<$crate::Arg>::from([$($crate::ToArg::to_arg($value)),*])
    };
}
