//! `format/image` and `format/local-image`.

use super::{Marks, Subject, Weight, at_source};
use crate::check::Draft;
use crate::document::Element;
use crate::document::style::{Align, Length, Unit};
use crate::layout::{Line, Role, is_icon};

const IMAGE: &str = "format/image";
const LOCAL: &str = "format/local-image";

pub fn image(subject: &Subject<'_>, marks: &mut Marks) {
    let layout = subject.layout;
    let widest = subject.context.settings.integer(IMAGE, "max_width") as f32;
    let mut images = 0usize;
    let mut misplaced: Option<&Element> = None;
    let mut unnamed: Option<&Element> = None;
    let (mut in_table, mut mixed, mut left, mut wide, mut nameless) = (0, 0, 0, 0, 0);
    let mut placed_badly = 0usize;
    let counted = |line: &&Line| !matches!(line.role, Role::Cell | Role::ListItem | Role::Quote);
    for line in layout.lines.iter().filter(counted) {
        for object in layout.objects(line) {
            let element = layout.element(object);
            if element.name != "img" || is_icon(element) {
                continue;
            }
            images += 1;
            if element
                .attribute("alt")
                .is_none_or(|alt| alt.trim().is_empty())
            {
                nameless += 1;
                unnamed.get_or_insert(element);
            }
            let fault = if element.container.is_some_and(|c| layout.is_layout_table(c)) {
                &mut in_table
            } else if !layout.is_in_place(line, object) {
                &mut mixed
            } else if is_too_wide(element, widest) {
                &mut wide
            } else if line.role == Role::Object && !is_centred(subject, line, element) {
                &mut left
            } else {
                continue;
            };
            *fault += 1;
            placed_badly += 1;
            misplaced.get_or_insert(element);
        }
    }
    let Some(first) = misplaced.or(unnamed) else {
        return;
    };
    let mut words = Vec::new();
    for (count, what) in [
        (in_table, "放在排版用的表格里"),
        (mixed, "与文字挤在一段"),
        (left, "没有居中"),
        (wide, "比页面宽"),
        (nameless, "没有说明文字（alt）"),
    ] {
        if count > 0 {
            words.push(format!("{images} 幅图片中 {count} 幅{what}"));
        }
    }
    let weight = if placed_badly * 2 >= images && placed_badly > 0 {
        Weight::Weak
    } else {
        Weight::None
    };
    let message = if placed_badly > 0 {
        "图片应各占一段并居中，不超出页面宽度"
    } else {
        "图片应有说明文字（alt），方便读屏和检索"
    };
    let words = words.join("，");
    marks.add(
        IMAGE,
        weight,
        words,
        at_source(IMAGE, first.start_tag, message),
    );
}

fn is_too_wide(element: &Element, widest: f32) -> bool {
    let too_wide = |value: &str| {
        Length::parse(value).is_some_and(|length| match length.unit {
            Unit::Percent => length.value > 100.0,
            _ => length.to_px(16.0) > widest,
        })
    };
    element.attribute("width").is_some_and(too_wide)
        || element
            .style()
            .iter()
            .any(|d| d.property == "width" && too_wide(&d.value))
}

fn is_centred(subject: &Subject<'_>, line: &Line, image: &Element) -> bool {
    let block = subject.layout.block(line);
    // What a class says stands in the site's style sheet.
    let by_class = block.element.is_some_and(|id| {
        subject.document.elements[id]
            .attribute("class")
            .is_some_and(|class| !class.contains("Mso"))
    });
    let by_itself = image.style().iter().any(|d| {
        d.property.starts_with("margin") && d.value.contains("auto") || d.property == "float"
    }) || image.attribute("align").is_some();
    block.style.align == Some(Align::Center) || by_class || by_itself
}

pub fn local_image(subject: &Subject<'_>, out: &mut Vec<Draft>) {
    let local: Vec<&Element> = subject
        .document
        .elements
        .iter()
        .filter(|element| {
            matches!(
                element.name.as_str(),
                "img" | "v:imagedata" | "video" | "audio" | "embed" | "source"
            )
        })
        .filter(|element| element.attribute("src").is_some_and(is_local_address))
        .collect();
    let Some(first) = local.first() else { return };
    let address = first.attribute("src").unwrap_or_default();
    let shown: String = address.chars().take(60).collect();
    let message = "图片地址在本机或内网，读者看不到，请重新上传图片";
    let span = first
        .attributes
        .iter()
        .find(|attribute| attribute.name == "src")
        .map_or(first.start_tag, |attribute| attribute.span);
    out.push(
        at_source(LOCAL, span, message)
            .evidence(format!("地址：{shown}"))
            .evidence(format!("共 {} 处", local.len())),
    );
}

/// True for an address that only the editor's own computer or network can open.
pub fn is_local_address(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    let path = address.trim_start_matches(['/', '\\']);
    let drive = path.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && path.as_bytes().get(1) == Some(&b':')
        && matches!(path.as_bytes().get(2), Some(b'/' | b'\\'));
    if drive
        || ["file:", "data:", "blob:", "cid:", "webkit-fake-url:"]
            .iter()
            .any(|scheme| address.starts_with(scheme))
    {
        return true;
    }
    let Some(rest) = address
        .strip_prefix("http://")
        .or(address.strip_prefix("https://"))
        .or(address.strip_prefix("//"))
    else {
        return false;
    };
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
    host == "localhost" || is_private(host)
}

/// An IPv4 address of a private or loop-back network.
fn is_private(host: &str) -> bool {
    host.parse::<std::net::Ipv4Addr>()
        .is_ok_and(|ip| ip.is_private() || ip.is_loopback() || ip.is_link_local())
}
