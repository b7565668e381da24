//! The confusion matrix as a picture.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

const CELL: f64 = 46.0;
const FONT: f64 = 14.0;
const HEAD: f64 = 64.0;
const PAD: f64 = 24.0;
/// Longer names are cut in the picture; the tooltip has them whole. In columns of a terminal.
const LABEL_WIDTH: usize = 24;

/// Draws `confusion[right][best]` as a standalone SVG document: a row a column that posts
/// belong in, a column a column the model takes for the best, each cell the number of posts,
/// shaded by its share of the row. `labels` names rows and columns alike; cells that are missing
/// count as zero.
pub fn confusion_svg(title: &str, labels: &[&str], confusion: &[Vec<u32>]) -> String {
    let cell = |row: usize, column: usize| -> u32 {
        confusion
            .get(row)
            .and_then(|row| row.get(column))
            .copied()
            .unwrap_or(0)
    };
    let count = labels.len();
    let short: Vec<String> = labels.iter().map(|label| shortened(label)).collect();
    let widest = short
        .iter()
        .map(|label| text_width(label))
        .fold(0.0, f64::max);
    // Row labels to the left, column labels slanted above; the last slanted one leans out.
    let left = PAD + FONT * 1.6 + widest + 10.0;
    let slant = widest * std::f64::consts::FRAC_1_SQRT_2;
    let top = HEAD + slant + FONT * 2.0;
    let side = CELL * count as f64;
    let totals: f64 = 64.0;
    let width = (left + side + totals.max(slant) + PAD).max(420.0);
    let height = top + side + 62.0;

    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = write!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{0}\" \
         font-family=\"'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',\
         'WenQuanYi Micro Hei',sans-serif\" font-size=\"{FONT}\" fill=\"#1f2933\">\n\
         <title>{0}</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n\
         <text x=\"{PAD}\" y=\"34\" font-size=\"19\" font-weight=\"600\">{0}</text>\n",
        escaped(title)
    );
    let agreed: u32 = (0..count).map(|n| cell(n, n)).sum();
    let all: u32 = (0..count)
        .map(|row| (0..count).map(|column| cell(row, column)).sum::<u32>())
        .sum();
    if all > 0 {
        let _ = writeln!(
            out,
            "<text x=\"{PAD}\" y=\"56\" fill=\"#52606d\">共 {all} 条，{agreed} 条一致（{:.1}%）</text>",
            100.0 * f64::from(agreed) / f64::from(all)
        );
    }
    for (n, label) in short.iter().enumerate() {
        let middle = CELL * (n as f64 + 0.5);
        let _ = writeln!(
            out,
            "<text transform=\"translate({:.1} {:.1}) rotate(-45)\"><title>{3}</title>{2}</text>\n\
             <text x=\"{4:.1}\" y=\"{5:.1}\" text-anchor=\"end\" dominant-baseline=\"central\">\
             <title>{3}</title>{2}</text>",
            left + middle + 4.0,
            top - 8.0,
            escaped(label),
            escaped(labels[n]),
            left - 10.0,
            top + middle,
        );
    }
    let _ = writeln!(
        out,
        "<text transform=\"translate({:.1} {:.1}) rotate(-90)\" text-anchor=\"middle\" \
         fill=\"#52606d\">所在栏目</text>\n\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" fill=\"#52606d\">模型认为的栏目</text>\n\
         <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" font-size=\"12\" fill=\"#52606d\">一致率</text>",
        PAD + FONT * 0.6,
        top + side / 2.0,
        left + side / 2.0,
        top + side + 24.0,
        left + side + totals / 2.0,
        top + side + 18.0,
    );
    for row in 0..count {
        let sum: u32 = (0..count).map(|column| cell(row, column)).sum();
        for column in 0..count {
            let posts = cell(row, column);
            let share = if sum > 0 {
                f64::from(posts) / f64::from(sum)
            } else {
                0.0
            };
            let (x, y) = (left + CELL * column as f64, top + CELL * row as f64);
            let _ = write!(
                out,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{CELL}\" height=\"{CELL}\" \
                 fill=\"{}\" stroke=\"#d9e2ec\"><title>{} → {}：{posts} 条（{:.1}%）</title></rect>",
                shade(share, row == column),
                escaped(labels[row]),
                escaped(labels[column]),
                100.0 * share,
            );
            if posts > 0 {
                let ink = if share > 0.55 { "#ffffff" } else { "#1f2933" };
                let _ = write!(
                    out,
                    "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" \
                     dominant-baseline=\"central\" fill=\"{ink}\" \
                     pointer-events=\"none\">{posts}</text>",
                    x + CELL / 2.0,
                    y + CELL / 2.0,
                );
            }
            out.push('\n');
        }
        let share = if sum > 0 {
            format!("{:.0}%", 100.0 * f64::from(cell(row, row)) / f64::from(sum))
        } else {
            "—".to_owned()
        };
        let _ = writeln!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\" dominant-baseline=\"central\" \
             font-size=\"12\" fill=\"#52606d\">{share}</text>",
            left + side + totals / 2.0,
            top + CELL * (row as f64 + 0.5),
        );
    }
    let _ = writeln!(
        out,
        "<text x=\"{PAD}\" y=\"{:.1}\" font-size=\"12\" fill=\"#52606d\">\
         颜色深浅为占该行的比例：<tspan fill=\"#186faf\">■</tspan> 一致　\
         <tspan fill=\"#c52707\">■</tspan> 不一致</text>\n</svg>",
        height - 16.0
    );
    out
}

/// White to blue on the diagonal, white to red beside it.
fn shade(share: f64, agreed: bool) -> String {
    let (red, green, blue) = if agreed {
        (24.0, 111.0, 175.0)
    } else {
        (197.0, 39.0, 7.0)
    };
    // A single stray post must still be seen.
    let share = if share > 0.0 {
        0.08 + 0.92 * share
    } else {
        0.0
    };
    let mix = |full: f64| (255.0 + (full - 255.0) * share).round() as u8;
    format!("#{:02x}{:02x}{:02x}", mix(red), mix(green), mix(blue))
}

fn text_width(text: &str) -> f64 {
    text.width() as f64 * FONT * 0.52
}

fn shortened(label: &str) -> String {
    if label.width() <= LABEL_WIDTH {
        return label.to_owned();
    }
    let mut out = String::new();
    for c in label.chars() {
        if out.width() + 4 > LABEL_WIDTH {
            break;
        }
        out.push(c);
    }
    out.push('…');
    out
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // XML 1.0 has no place for control characters.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_numbers_and_shares_are_drawn() {
        let svg = confusion_svg(
            "某站<栏目>",
            &["工作动态", "通知&公告"],
            &[vec![8, 2], vec![0, 5]],
        );
        assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
        assert!(svg.contains("某站&lt;栏目&gt;"));
        assert!(svg.contains("工作动态 → 通知&amp;公告：2 条（20.0%）"));
        assert!(svg.contains("共 15 条，13 条一致（86.7%）"));
        assert_eq!(svg.matches("<rect x=").count(), 4);
    }

    #[test]
    fn long_names_and_missing_cells_do_no_harm() {
        let long = "政务公开".repeat(9);
        let svg = confusion_svg("", &[&long, "b\u{1}"], &[vec![1]]);
        assert!(svg.contains('…') && svg.contains(&long));
        assert!(!svg.contains('\u{1}'));
        assert!(confusion_svg("", &[], &[]).contains("</svg>"));
    }
}
