//! The model on disk.
//!
//! ```text
//! magic     8 bytes  "bgcolumn"
//! version   u32      format version, then feature scheme, both little-endian
//! scheme    u32
//! length    u64      of the payload
//! checksum  u64      XXH3 of the payload
//! payload            see `write_payload`
//! ```
//! Counts and gaps are LEB128 numbers, reals are little-endian IEEE 754. A row of weights is the
//! gap to the row before it, a bit a column that is not zero, and those columns' bytes. Nothing
//! depends on time, machine or hash order: the same model gives the same bytes.

use thiserror::Error;
use xxhash_rust::xxh3::xxh3_64;

use super::calibration::Calibration;
use super::features::{DIMENSION, FEATURE_SCHEME, FeatureOptions, Featurizer};
use super::model::{Model, ModelColumn};
use super::precedent::OddPost;
use super::thresholds::{Measured, Thresholds};

const MAGIC: &[u8; 8] = b"bgcolumn";
/// The version of the file format that this program writes and reads.
pub const FORMAT_VERSION: u32 = 2;
const HEADER: usize = 8 + 4 + 4 + 8 + 8;

/// Why a model file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ModelFileError {
    #[error("这不是栏目模型文件；请用 baguan columns train 重新生成")]
    NotAModel,
    #[error(
        "栏目模型是另一版本的程序生成的（文件版本 {found}，本程序要求 {expected}）；\
         请用 baguan columns train 重新生成"
    )]
    OtherVersion { found: String, expected: String },
    #[error("栏目模型文件已损坏（{0}）；请用 baguan columns train 重新生成")]
    Damaged(&'static str),
}

impl Model {
    /// The bytes of the model file; the same model always gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut payload = Vec::new();
        self.write_payload(&mut payload);
        let mut bytes = Vec::with_capacity(HEADER + payload.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&FORMAT_VERSION.to_le_bytes());
        bytes.extend_from_slice(&FEATURE_SCHEME.to_le_bytes());
        bytes.extend_from_slice(&(payload.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&xxh3_64(&payload).to_le_bytes());
        bytes.extend_from_slice(&payload);
        bytes
    }

    /// Reads a model file; whatever the bytes are, the answer is a model or an error.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelFileError> {
        let mut reader = Reader { rest: bytes };
        if reader.array::<8>().ok().as_ref() != Some(MAGIC) {
            return Err(ModelFileError::NotAModel);
        }
        let version = u32::from_le_bytes(reader.array()?);
        let scheme = u32::from_le_bytes(reader.array()?);
        if (version, scheme) != (FORMAT_VERSION, FEATURE_SCHEME) {
            return Err(ModelFileError::OtherVersion {
                found: format!("{version}.{scheme}"),
                expected: format!("{FORMAT_VERSION}.{FEATURE_SCHEME}"),
            });
        }
        let length = u64::from_le_bytes(reader.array()?);
        let checksum = u64::from_le_bytes(reader.array()?);
        if length != reader.rest.len() as u64 {
            return Err(ModelFileError::Damaged("长度不符"));
        }
        if checksum != xxh3_64(reader.rest) {
            return Err(ModelFileError::Damaged("校验和不符"));
        }
        read_payload(&mut reader)
    }

    fn write_payload(&self, out: &mut Vec<u8>) {
        let options = self.featurizer.options();
        out.push(u8::from(options.title_grams));
        put_number(out, options.body_chars as u64);
        put_number(out, options.left_out.len() as u64);
        for term in &options.left_out {
            put_text(out, term);
        }
        put_number(out, self.columns.len() as u64);
        for ((column, scale), bias) in self.columns.iter().zip(&self.scales).zip(&self.biases) {
            put_text(out, &column.name);
            put_number(out, u64::from(column.posts));
            put_number(out, u64::from(column.left_out));
            out.extend_from_slice(&scale.to_le_bytes());
            out.extend_from_slice(&bias.to_le_bytes());
        }
        put_number(out, u64::from(self.thresholds.error_posts));
        put_number(out, u64::from(self.thresholds.warning_posts));
        for real in [
            self.calibration.temperature,
            self.calibration.misfiling_rate,
            self.thresholds.error,
            self.thresholds.warning,
            self.thresholds.info,
        ] {
            out.extend_from_slice(&real.to_le_bytes());
        }
        for measured in &self.measured {
            out.extend_from_slice(&measured.precision.to_le_bytes());
            out.extend_from_slice(&measured.recall.to_le_bytes());
        }
        put_number(out, self.odd_posts.len() as u64);
        for post in &self.odd_posts {
            put_number(out, post.column as u64);
            out.extend_from_slice(&post.share.to_le_bytes());
            put_number(out, post.features.len() as u64);
            let mut next = 0;
            for (feature, value) in post.features.iter().zip(&post.values) {
                put_number(out, u64::from(feature - next));
                out.push(*value);
                next = feature + 1;
            }
        }
        put_number(out, self.features.len() as u64);
        let mut next = 0;
        for (feature, row) in self
            .features
            .iter()
            .zip(self.weights.chunks_exact(self.columns.len()))
        {
            put_number(out, u64::from(feature - next));
            next = feature + 1;
            for eight in row.chunks(8) {
                let mask = eight.iter().enumerate().fold(0u8, |mask, (bit, weight)| {
                    mask | (u8::from(*weight != 0) << bit)
                });
                out.push(mask);
            }
            out.extend(
                row.iter()
                    .filter(|weight| **weight != 0)
                    .map(|weight| *weight as u8),
            );
        }
    }
}

fn read_payload(reader: &mut Reader<'_>) -> Result<Model, ModelFileError> {
    let title_grams = match reader.byte()? {
        0 => false,
        1 => true,
        _ => return Err(ModelFileError::Damaged("选项无效")),
    };
    let body_chars =
        usize::try_from(reader.number()?).map_err(|_| ModelFileError::Damaged("选项无效"))?;
    let terms = reader.count(1)?;
    let mut left_out = Vec::with_capacity(terms);
    for _ in 0..terms {
        left_out.push(reader.text()?);
    }
    let count = reader.count(11)?;
    if count < 2 {
        return Err(ModelFileError::Damaged("栏目不足两个"));
    }
    let (mut columns, mut scales, mut biases) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..count {
        columns.push(ModelColumn {
            name: reader.text()?,
            posts: reader.small()?,
            left_out: reader.small()?,
        });
        scales.push(reader.single()?);
        biases.push(reader.single()?);
    }
    let error_posts = reader.small()?;
    let warning_posts = reader.small()?;
    let calibration = Calibration {
        temperature: reader.real()?,
        misfiling_rate: reader.real()?,
    };
    if calibration.temperature <= 0.0 || !(0.0..1.0).contains(&calibration.misfiling_rate) {
        return Err(ModelFileError::Damaged("参数超出范围"));
    }
    let thresholds = Thresholds {
        error: reader.real()?,
        error_posts,
        warning_posts,
        warning: reader.real()?,
        info: reader.real()?,
    };
    let mut measured = [Measured::default(); 3];
    for level in &mut measured {
        *level = Measured {
            precision: reader.real()?,
            recall: reader.real()?,
        };
    }
    let odd_posts = read_odd_posts(reader, count)?;
    let rows = reader.count(1 + count.div_ceil(8))?;
    let mut features = Vec::with_capacity(rows);
    let mut weights = Vec::new();
    let mut next = 0u64;
    for _ in 0..rows {
        features.push(reader.feature(&mut next)?);
        let masks = reader.take(count.div_ceil(8))?;
        for column in 0..count {
            let present = masks[column / 8] >> (column % 8) & 1 == 1;
            weights.push(if present { reader.byte()? as i8 } else { 0 });
        }
    }
    if !reader.rest.is_empty() {
        return Err(ModelFileError::Damaged("末尾有多余内容"));
    }
    let options = FeatureOptions {
        title_grams,
        body_chars,
        left_out,
    };
    Ok(Model::assemble(
        columns,
        calibration,
        thresholds,
        measured,
        odd_posts,
        Featurizer::new(options),
        features,
        weights,
        scales,
        biases,
    ))
}

fn read_odd_posts(reader: &mut Reader<'_>, columns: usize) -> Result<Vec<OddPost>, ModelFileError> {
    let count = reader.count(6)?;
    let mut odd_posts = Vec::with_capacity(count);
    for _ in 0..count {
        let column = usize::try_from(reader.number()?).unwrap_or(usize::MAX);
        let share = reader.single()?;
        if column >= columns || !(0.0..=1.0).contains(&share) {
            return Err(ModelFileError::Damaged("存疑稿件无效"));
        }
        let length = reader.count(2)?;
        let (mut features, mut values) = (Vec::with_capacity(length), Vec::with_capacity(length));
        let mut next = 0;
        for _ in 0..length {
            features.push(reader.feature(&mut next)?);
            values.push(reader.byte()?);
        }
        odd_posts.push(OddPost {
            column,
            share,
            features,
            values,
        });
    }
    Ok(odd_posts)
}

fn put_number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// Takes from the front of the bytes; running out of them is an error.
struct Reader<'a> {
    rest: &'a [u8],
}

const CUT_SHORT: ModelFileError = ModelFileError::Damaged("内容不完整");

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ModelFileError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(CUT_SHORT)?;
        self.rest = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ModelFileError> {
        self.take(N)?.try_into().map_err(|_| CUT_SHORT)
    }

    fn byte(&mut self) -> Result<u8, ModelFileError> {
        self.array::<1>().map(|[byte]| byte)
    }

    fn number(&mut self) -> Result<u64, ModelFileError> {
        let mut number = 0u64;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(ModelFileError::Damaged("数字无效"))
    }

    fn small(&mut self) -> Result<u32, ModelFileError> {
        u32::try_from(self.number()?).map_err(|_| ModelFileError::Damaged("数字无效"))
    }

    /// A count of things of at least `least` bytes each: never more than can still follow.
    fn count(&mut self, least: usize) -> Result<usize, ModelFileError> {
        let count = usize::try_from(self.number()?).map_err(|_| CUT_SHORT)?;
        if count > self.rest.len() / least.max(1) {
            return Err(CUT_SHORT);
        }
        Ok(count)
    }

    /// A hashed feature, as the gap to the one before it.
    fn feature(&mut self, next: &mut u64) -> Result<u32, ModelFileError> {
        let feature = next.saturating_add(self.number()?);
        if feature >= DIMENSION as u64 {
            return Err(ModelFileError::Damaged("特征超出范围"));
        }
        *next = feature + 1;
        Ok(feature as u32)
    }

    fn text(&mut self) -> Result<String, ModelFileError> {
        let length = self.count(1)?;
        String::from_utf8(self.take(length)?.to_vec())
            .map_err(|_| ModelFileError::Damaged("文字不是 UTF-8"))
    }

    fn single(&mut self) -> Result<f32, ModelFileError> {
        let value = f32::from_le_bytes(self.array()?);
        value
            .is_finite()
            .then_some(value)
            .ok_or(ModelFileError::Damaged("数值无效"))
    }

    fn real(&mut self) -> Result<f64, ModelFileError> {
        let value = f64::from_le_bytes(self.array()?);
        value
            .is_finite()
            .then_some(value)
            .ok_or(ModelFileError::Damaged("数值无效"))
    }
}
