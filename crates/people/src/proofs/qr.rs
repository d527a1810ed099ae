//! A QR code as one inline picture, drawn by us: the key in it is shown to its owner and to nobody else.

use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// Empty space around it, in modules (ISO/IEC 18004 asks for four).
const QUIET: i32 = 4;

/// An SVG of black modules on white. Empty when the text is too long for any code, which ours never is.
pub fn picture(text: &str, title: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return String::new() };
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET).expect("a string takes every word");
        }
    }
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<svg class=\"qr\" role=\"img\" viewBox=\"0 0 {side} {side}\" width=\"220\" height=\"220\" \
         shape-rendering=\"crispEdges\"><title>{title}</title>\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/>\
         <path fill=\"#000\" d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_holds_a_module_for_each_bit_and_no_markup_of_the_title() {
        let svg = picture("otpauth://totp/x", "<b>");
        assert!(svg.contains("<title>&lt;b></title>"));
        assert!(svg.matches("h1v1h-1z").count() > 200, "a QR code is about half black");
        assert!(!svg.contains("otpauth"), "the text stands in the picture alone");
    }
}
