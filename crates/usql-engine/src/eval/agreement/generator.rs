//! Random rows and the texts of random expressions, the same for the same seed.

use rust_decimal::Decimal;
use usql_sema::{Scalar, Type, Value};

/// The columns of every row: each type that cannot be null, and each that can.
pub(super) const COLUMNS: [(&str, Scalar, bool); 30] = [
    ("b", Scalar::Bool, false),
    ("bn", Scalar::Bool, true),
    ("i8", Scalar::SByte, false),
    ("i8n", Scalar::SByte, true),
    ("u8", Scalar::Byte, false),
    ("u8n", Scalar::Byte, true),
    ("i16", Scalar::Short, false),
    ("i16n", Scalar::Short, true),
    ("u16", Scalar::UShort, false),
    ("u16n", Scalar::UShort, true),
    ("i", Scalar::Int, false),
    ("n", Scalar::Int, true),
    ("u", Scalar::UInt, false),
    ("un", Scalar::UInt, true),
    ("l", Scalar::Long, false),
    ("ln", Scalar::Long, true),
    ("ul", Scalar::ULong, false),
    ("uln", Scalar::ULong, true),
    ("c", Scalar::Char, false),
    ("cn", Scalar::Char, true),
    ("f", Scalar::Float, false),
    ("fn", Scalar::Float, true),
    ("d", Scalar::Double, false),
    ("dn", Scalar::Double, true),
    ("m", Scalar::Decimal, false),
    ("mn", Scalar::Decimal, true),
    ("t", Scalar::DateTime, false),
    ("tn", Scalar::DateTime, true),
    ("s", Scalar::String, true),
    ("s2", Scalar::String, true),
];

/// The type of a column.
pub(super) fn column_type(scalar: Scalar, nullable: bool) -> Type {
    Type::of(scalar).or_nullable(nullable)
}

/// A small generator of pseudo-random numbers (xorshift); the seed is the test's.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % sides as u64).expect("less than the number of sides")
    }

    fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.roll(choices.len())]
    }

    fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.roll(choices.len())]
    }

    /// A value for each column, the awkward ones first of all.
    pub(super) fn row(&mut self) -> Vec<Value> {
        let columns = COLUMNS.iter();
        columns
            .map(|(_, scalar, nullable)| {
                if *nullable && self.roll(5) == 0 {
                    Value::Null
                } else {
                    self.value(*scalar)
                }
            })
            .collect()
    }

    fn value(&mut self, scalar: Scalar) -> Value {
        let any = self.0;
        match scalar {
            Scalar::Bool => Value::Bool(self.roll(2) == 0),
            Scalar::SByte => Value::SByte(self.one_of(&[0, 1, -1, 7, i8::MIN, i8::MAX])),
            Scalar::Byte => Value::Byte(self.one_of(&[0, 1, 7, 128, u8::MAX])),
            Scalar::Short => Value::Short(self.one_of(&[0, 1, -1, 300, i16::MIN, i16::MAX])),
            Scalar::UShort => Value::UShort(self.one_of(&[0, 1, 300, 32_768, u16::MAX])),
            Scalar::Int => {
                Value::Int(self.one_of(&[0, 1, -1, 7, 33, i32::MIN, i32::MAX, any as i32]))
            }
            Scalar::UInt => Value::UInt(self.one_of(&[0, 1, 7, 1 << 31, u32::MAX, any as u32])),
            Scalar::Long => {
                Value::Long(self.one_of(&[0, 1, -1, 7, 65, i64::MIN, i64::MAX, any as i64]))
            }
            Scalar::ULong => Value::ULong(self.one_of(&[0, 1, 7, 1 << 63, u64::MAX, any])),
            Scalar::Char => Value::Char(self.one_of(&[0x20, 0x30, 0x41, 0x78, 0xe9, 0x6570])),
            Scalar::Float => Value::Float(self.one_of(&[
                0.0,
                -0.0,
                1.0,
                -1.5,
                0.1,
                2.5,
                1e10,
                3.4e38,
                1e-40,
                f32::NAN,
                f32::INFINITY,
            ])),
            Scalar::Double => Value::Double(self.one_of(&[
                0.0,
                -0.0,
                1.0,
                -1.5,
                0.1,
                0.5,
                2.5,
                -2.5,
                1e15,
                123_456_789.125,
                1e-7,
                1e300,
                5e-324,
                f64::NAN,
                f64::INFINITY,
                f64::NEG_INFINITY,
            ])),
            Scalar::Decimal => Value::Decimal(self.decimal()),
            Scalar::DateTime => Value::DateTime(self.one_of(&[
                0,
                3_155_378_975_999_999_999,
                635_555_555_555_555_555,
                635_241_312_000_000_000,
                (any % 3_155_378_976_000_000_000) as i64,
            ])),
            Scalar::String => {
                let texts = [
                    "", "a", "ab", "A b", " x ", "12", "-7", "1.5", "aéΩ", "𝄞x", "zz top",
                ];
                Value::String(self.pick(&texts).to_owned())
            }
            other => panic!("no column is {other:?}"),
        }
    }

    fn decimal(&mut self) -> Decimal {
        let (number, scale) = self.one_of(&[
            (0, 0),
            (0, 2),
            (1, 0),
            (10, 1),
            (-15, 1),
            (25, 1),
            (125, 2),
            (110, 2),
            (-7, 0),
            (3, 0),
            (1, 28),
            (123_456_789_012_345, 4),
            ((1 << 96) - 1, 0),
            ((1 << 96) - 1, 28),
            (333_333, 5),
        ]);
        Decimal::from_i128_with_scale(number, scale)
    }

    /// An expression of some depth. Some do not compile; that is found out by asking.
    pub(super) fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.roll(5) {
                0 => self.pick(&LITERALS).to_owned(),
                _ => in_script(COLUMNS[self.roll(COLUMNS.len())].0),
            };
        }
        let less = depth - 1;
        let mut part = || self.expression(less);
        let (a, b, c) = (part(), part(), part());
        match self.roll(20) {
            0..=8 => format!("({a} {} {b})", self.pick(&OPERATORS)),
            9 | 10 => format!("(({}) {a})", self.pick(&TYPES)),
            11 => format!("({} {a})", self.pick(&["-", "!", "~", "+"])),
            12 => format!("(({a} {} {b}) ? {c} : {b})", self.pick(&COMPARISONS)),
            13 => format!("({a} ?? {b})"),
            14 => format!("({a} == null)"),
            15 => format!("({a} IN ({b}, {c}))"),
            16 => format!("checked({a} {} {b})", self.pick(&["+", "-", "*"])),
            17 => format!("({a}).{}", self.pick(&MEMBERS)),
            18 => format!("{}({a})", self.pick(&FUNCTIONS)),
            _ => format!("{}({a}, {b})", self.pick(&["Math.Max", "Math.Min"])),
        }
    }
}

/// A column's name as scripts have it: it is found in any text.
pub(super) fn in_script(name: &str) -> String {
    format!("_{name}_")
}

/// A constant expression of a column's type and value.
pub(super) fn literal(value: &Value, ty: Type) -> String {
    let text = match value {
        Value::Null => return format!("(({ty}) null)"),
        Value::Bool(flag) => flag.to_string(),
        Value::SByte(x) => format!("(sbyte) ({x})"),
        Value::Byte(x) => format!("(byte) {x}"),
        Value::Short(x) => format!("(short) ({x})"),
        Value::UShort(x) => format!("(ushort) {x}"),
        Value::Int(x) => x.to_string(),
        Value::UInt(x) => format!("{x}u"),
        Value::Long(x) => format!("{x}L"),
        Value::ULong(x) => format!("{x}UL"),
        Value::Char(x) => format!("(char) {x}"),
        Value::Float(x) if x.is_nan() => "0f / 0f".to_owned(),
        Value::Float(x) if x.is_infinite() => "1f / 0f".to_owned(),
        Value::Float(x) => format!("{x:?}f"),
        Value::Double(x) if x.is_nan() => "0.0 / 0.0".to_owned(),
        Value::Double(x) if x.is_infinite() => format!("{:?} / 0.0", x.signum()),
        Value::Double(x) => format!("{x:?}"),
        Value::Decimal(x) => format!("{x}m"),
        Value::DateTime(x) => format!("new DateTime({x}L)"),
        Value::String(text) => format!("\"{text}\""),
        other => panic!("no column holds {other:?}"),
    };
    if ty.is_nullable() && !ty.scalar().is_reference() {
        format!("(({ty}) ({text}))")
    } else {
        format!("({text})")
    }
}

const LITERALS: [&str; 24] = [
    "0",
    "1",
    "-7",
    "2L",
    "3u",
    "4UL",
    "1.5",
    "2.5f",
    "1.10m",
    "0.0",
    "0m",
    "\"x\"",
    "\"\"",
    "'y'",
    "true",
    "false",
    "2147483647",
    "(int?) null",
    "(string) null",
    "(double?) null",
    "0xFF",
    "(byte) 200",
    "1e10",
    "DateTime.MinValue",
];
const OPERATORS: [&str; 28] = [
    "+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^", "==", "!=", "<", "<=", ">", ">=", "&&",
    "||", "AND", "OR", "??", "+", "-", "*", "/", "%", "==", "<",
];
const COMPARISONS: [&str; 6] = ["==", "!=", "<", "<=", ">", ">="];
const TYPES: [&str; 18] = [
    "int", "int?", "long", "byte", "char", "double?", "double", "decimal", "float", "short",
    "ushort", "uint", "ulong", "sbyte?", "long?", "decimal?", "bool", "string",
];
const MEMBERS: [&str; 12] = [
    "ToString()",
    "Value",
    "HasValue",
    "Length",
    "Year",
    "Month",
    "Day",
    "Hour",
    "Date",
    "Substring(1)",
    "Substring(0, 2)",
    "Trim()",
];
const FUNCTIONS: [&str; 8] = [
    "Math.Abs",
    "Math.Floor",
    "Math.Ceiling",
    "Math.Round",
    "Math.Sqrt",
    "Convert.ToInt32",
    "string.IsNullOrEmpty",
    "unchecked",
];
