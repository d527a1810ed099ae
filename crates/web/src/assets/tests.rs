//! The style sheet keeps its promises: contrast, weight, logical sides; icons and the room are there.

use super::*;
use crate::testing;
use std::collections::BTreeMap;
use vocabulary::Principal;

const CSS: &str = include_str!("../../assets/app.css");
const TOKENS: &str = include_str!("../../assets/tokens.css");
/// The design's budget for the style sheet, compressed; uncompressed text of this kind shrinks to a quarter.
const CSS_MAX_BYTES: usize = 45 * 1024;

/// WCAG 2.2, 1.4.3: text and its ground.
const TEXT: [(&str, &str); 19] = [
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "shade"),
    ("ink", "tint"),
    ("ink", "amber-tint"),
    ("ink", "red-tint"),
    ("soft", "paper"),
    ("soft", "card"),
    ("soft", "shade"),
    ("deep", "paper"),
    ("deep", "card"),
    ("deep", "shade"),
    ("deep", "tint"),
    ("on-teal", "teal"),
    ("on-teal", "teal-press"),
    ("amber", "amber-tint"),
    ("red", "red-tint"),
    ("red", "card"),
    ("night-ink", "night"),
];
/// WCAG 2.2, 1.4.11: edges of controls, the focus ring, parts of pictures that say something.
const EDGES: [(&str, &str); 9] = [
    ("edge", "card"),
    ("edge", "paper"),
    ("tint-edge", "card"),
    ("tint-edge", "paper"),
    ("red-edge", "card"),
    ("red-edge", "paper"),
    ("focus", "paper"),
    ("focus", "card"),
    ("teal", "paper"),
];

/// R99 (part: text and controls stand out from their ground, computed from the tokens of both themes).
#[test]
fn every_pair_of_colours_can_be_read() {
    for (theme, tokens) in themes() {
        let colour = |name: &str| tokens.get(name).copied().unwrap_or_else(|| panic!("no token {name}"));
        for (pairs, least) in [(&TEXT[..], 4.5), (&EDGES[..], 3.0)] {
            for (front, ground) in pairs {
                let ratio = contrast(colour(front), colour(ground));
                assert!(ratio >= least, "{theme}: {front} on {ground} is {ratio:.2}, needs {least}");
            }
        }
    }
}

#[test]
fn the_style_sheet_is_light_and_has_no_left_or_right() {
    assert!(CSS.len() < CSS_MAX_BYTES, "{} bytes", CSS.len());
    for line in CSS.lines() {
        for physical in [
            "margin-left",
            "margin-right",
            "padding-left",
            "padding-right",
            "text-align: left",
            "left:",
            "right:",
        ] {
            assert!(!line.contains(physical), "{line}");
        }
        assert!(!line.contains("http"), "nothing comes from elsewhere: {line}");
    }
}

#[test]
fn every_icon_a_template_names_is_there() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    for text in files(&folder) {
        for (at, _) in text.match_indices("\"|icon") {
            let name = text[..at].rsplit('"').next().unwrap();
            assert!(!icon(name).is_empty(), "no icon {name}");
        }
    }
}

#[test]
fn every_word_a_template_of_this_crate_uses_is_there() {
    assert_eq!(testing::missing_words(env!("CARGO_MANIFEST_DIR"), &[]), Vec::<String>::new());
}

#[tokio::test]
async fn an_unknown_asset_is_absent_and_a_room_file_asks_again() {
    let (keep, _) = keep::testing::keep(&[]).await;
    let site = testing::site(keep, Principal::Anonymous, &[]);
    let router = crate::routes().into_router(site);
    assert_eq!(testing::get(&router, "/a/x/../secret").await.status, 404);
    assert_eq!(testing::get(&router, &url("nothing.css")).await.status, 404);
    assert_eq!(testing::get(&router, "/styleguide").await.status, 404);
    let mark = testing::get(&router, "/favicon.svg").await;
    assert_eq!(
        (mark.status.as_u16(), mark.headers["content-type"].to_str().unwrap()),
        (200, "image/svg+xml")
    );
    let script = testing::get(&router, "/room/room.js").await;
    if script.status == 200 {
        assert_eq!(script.headers["cache-control"], "no-cache");
        assert!(script.headers.contains_key("etag"));
    }
}

#[tokio::test]
async fn the_style_guide_draws_every_view_in_the_demo() {
    let (keep, _) = keep::testing::keep(&[]).await;
    let site = testing::site(keep, Principal::Anonymous, &[]).demo(true);
    let router = crate::routes().into_router(site);
    for view in ["", "/invitation", "/consent", "/readiness", "/lobby", "/survey", "/day", "/practice"] {
        let page = testing::get(&router, &format!("/styleguide{view}")).await;
        assert_eq!(page.status, 200, "{view}");
        for inline in [" style=", "<style", "onclick=", "<script>"] {
            assert!(!page.text.contains(inline), "{view} has {inline}");
        }
    }
}

type Rgb = (u8, u8, u8);

fn themes() -> [(&'static str, BTreeMap<&'static str, Rgb>); 2] {
    let (light, rest) = TOKENS.split_once("@media (prefers-contrast").unwrap();
    let dark = rest.split_once("prefers-color-scheme: dark").unwrap().1;
    let day = tokens(light);
    let mut night = day.clone();
    night.extend(tokens(dark));
    [("light", day), ("dark", night)]
}

fn tokens(css: &'static str) -> BTreeMap<&'static str, Rgb> {
    let lines = css.lines().filter_map(|line| line.trim().strip_prefix("--")?.split_once(": #"));
    lines
        .map(|(name, hex)| {
            let part = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
            (name, (part(0), part(2), part(4)))
        })
        .collect()
}

/// WCAG 2.2, definition of contrast ratio.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance((r, g, b): Rgb) -> f64 {
    let linear = |part: u8| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

fn files(folder: &std::path::Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            texts.extend(files(&path))
        } else {
            texts.push(std::fs::read_to_string(&path).unwrap())
        }
    }
    texts
}
