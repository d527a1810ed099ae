//! What a template may put into a sentence: numbers and text, by value or by reference.

use super::Value;

/// Lets `{{ "day-count"|with("n", count) }}` take whatever the template holds.
pub trait Argument {
    fn value(&self) -> Value<'static>;
}

impl<T: Argument + ?Sized> Argument for &T {
    fn value(&self) -> Value<'static> {
        (**self).value()
    }
}

impl Argument for str {
    fn value(&self) -> Value<'static> {
        Value::from(self.to_owned())
    }
}

impl Argument for String {
    fn value(&self) -> Value<'static> {
        Value::from(self.clone())
    }
}

impl Argument for vocabulary::Health {
    fn value(&self) -> Value<'static> {
        Value::from(self.reveal().to_owned())
    }
}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Argument for $number {
            fn value(&self) -> Value<'static> {
                Value::from(*self)
            }
        }
    )*};
}

numbers! { i32 i64 u16 u32 u64 usize }
