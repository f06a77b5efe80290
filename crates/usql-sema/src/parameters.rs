//! Named parameters of extractors and outputters: their types, and how their values become settings.

use crate::{
    csharp::{Operand, implicit},
    diagnostics::{
        Location, codes,
        sink::{Reported, Sink},
    },
    expression::ExpressionKind,
    text_format::{CharFormat, CodePage, Encoding},
    types::{Scalar, Type},
    value::Value,
};

/// A parameter of an operator whose settings are an `S`.
pub(crate) struct Parameter<S> {
    /// The name, as scripts write it.
    pub(crate) name: &'static str,
    /// What it does, for the list of what is supported.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the list tells"))]
    pub(crate) about: &'static str,
    /// Where its value goes.
    pub(crate) slot: Slot<S>,
}

/// Where a value of some type goes.
pub(crate) enum Slot<S> {
    /// `bool`
    Flag(fn(&mut S) -> &mut bool),
    /// `char`
    Character(fn(&mut S) -> &mut char),
    /// `char?`
    OptionalCharacter(fn(&mut S) -> &mut Option<char>),
    /// A `string` of one character, or null.
    OneCharacterText(fn(&mut S) -> &mut Option<char>),
    /// A `string` of one character; null and CR LF are CR LF.
    RowDelimiter(fn(&mut S) -> &mut String),
    /// `string`, not null.
    Text(fn(&mut S) -> &mut String),
    /// `string`
    OptionalText(fn(&mut S) -> &mut Option<String>),
    /// A non-negative `int`.
    Count(fn(&mut S) -> &mut u64),
    /// `"uint16"` or `"string"`
    CharFormat(fn(&mut S) -> &mut CharFormat),
    /// `System.Text.Encoding`
    Encoding(fn(&mut S) -> &mut Encoding),
}

/// What is wrong with a value.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is out of range; the text says how.
    Value(String),
    /// It is no char format.
    CharFormat(String),
}

impl<S> Slot<S> {
    /// The C# type of the value; none for an encoding, which is no constant.
    pub(crate) fn ty(&self) -> Option<Type> {
        Some(match self {
            Self::Flag(_) => Type::BOOL,
            Self::Character(_) => Type::of(Scalar::Char),
            Self::OptionalCharacter(_) => Type::nullable(Scalar::Char),
            Self::OneCharacterText(_)
            | Self::RowDelimiter(_)
            | Self::Text(_)
            | Self::OptionalText(_)
            | Self::CharFormat(_) => Type::STRING,
            Self::Count(_) => Type::of(Scalar::Int),
            Self::Encoding(_) => return None,
        })
    }

    /// Stores an encoding.
    pub(crate) fn set_encoding(&self, settings: &mut S, encoding: Encoding) {
        if let Self::Encoding(slot) = self {
            *slot(settings) = encoding;
        }
    }

    /// Stores a value of the slot's type.
    pub(crate) fn set(&self, settings: &mut S, value: &Value) -> Result<(), Refusal> {
        let refused = |problem: &str| Err(Refusal::Value(problem.to_owned()));
        match (self, value) {
            (Self::Flag(slot), Value::Bool(value)) => *slot(settings) = *value,
            (Self::Character(slot), Value::Char(unit)) => *slot(settings) = character(*unit)?,
            (Self::OptionalCharacter(slot), Value::Char(unit)) => {
                *slot(settings) = Some(character(*unit)?);
            }
            (Self::OptionalCharacter(slot) | Self::OneCharacterText(slot), Value::Null) => {
                *slot(settings) = None;
            }
            (Self::OneCharacterText(slot), Value::String(text)) => {
                let mut characters = text.chars();
                match (characters.next(), characters.next()) {
                    (Some(character), None) => *slot(settings) = Some(character),
                    _ => return refused("has to be one character"),
                }
            }
            (Self::RowDelimiter(slot), Value::Null) => "\r\n".clone_into(slot(settings)),
            (Self::RowDelimiter(slot), Value::String(text)) => {
                // The default may be said, though it is the one value of two characters.
                if text.chars().count() != 1 && text != "\r\n" {
                    return refused("has to be one character");
                }
                slot(settings).clone_from(text);
            }
            (Self::Text(slot), Value::String(text)) => slot(settings).clone_from(text),
            (Self::Text(_), Value::Null) => return refused("cannot be null"),
            (Self::OptionalText(slot), Value::String(text)) => *slot(settings) = Some(text.clone()),
            (Self::OptionalText(slot), Value::Null) => *slot(settings) = None,
            (Self::Count(slot), Value::Int(count)) => match u64::try_from(*count) {
                Ok(count) => *slot(settings) = count,
                Err(_) => return refused("cannot be negative"),
            },
            (Self::CharFormat(slot), Value::Null) => *slot(settings) = CharFormat::default(),
            (Self::CharFormat(slot), Value::String(text)) => {
                *slot(settings) = match text.as_str() {
                    "uint16" => CharFormat::UInt16,
                    "string" => CharFormat::String,
                    _ => return Err(Refusal::CharFormat(text.clone())),
                };
            }
            _ => return refused("has another type"),
        }
        Ok(())
    }
}

fn character(unit: u16) -> Result<char, Refusal> {
    char::from_u32(u32::from(unit))
        .ok_or_else(|| Refusal::Value("cannot be half of a surrogate pair".to_owned()))
}

/// An argument as a script gives it.
pub(crate) struct Argument {
    /// The name before the colon.
    pub(crate) name: Option<String>,
    /// What is behind it.
    pub(crate) value: ArgumentValue,
    /// Where.
    pub(crate) location: Location,
}

/// The value of an argument.
pub(crate) enum ArgumentValue {
    /// A scalar expression.
    Scalar(Operand),
    /// `Encoding.UTF8` and its like.
    Encoding(Encoding),
}

/// Makes the settings of `operator` from its arguments, starting from its defaults.
pub(crate) fn apply<S>(
    operator: &str,
    parameters: &[&Parameter<S>],
    mut settings: S,
    arguments: Vec<Argument>,
    sink: &mut Sink,
) -> Result<S, Reported> {
    let mut given: Vec<&str> = Vec::new();
    let mut failed = None;
    for (position, argument) in arguments.into_iter().enumerate() {
        let location = argument.location;
        let refuse = |sink: &mut Sink, problem: String| {
            sink.error(
                &codes::OPERATOR_ARGUMENT,
                location,
                format!("{operator}: {problem}."),
            )
        };
        let parameter = match &argument.name {
            Some(name) => parameters.iter().find(|known| known.name == name),
            // The documentation gives no order, but the delimiter is known to come first.
            None => parameters
                .first()
                .filter(|first| position == 0 && first.name == "delimiter"),
        };
        let Some(parameter) = parameter else {
            let problem = match argument.name {
                Some(name) => format!("there is no parameter '{name}'"),
                None => "a parameter needs its name".to_owned(),
            };
            failed = Some(refuse(sink, problem));
            continue;
        };
        if given.contains(&parameter.name) {
            failed = Some(refuse(sink, format!("'{}' is given twice", parameter.name)));
            continue;
        }
        given.push(parameter.name);
        failed = store(operator, parameter, &mut settings, argument, sink)
            .err()
            .or(failed);
    }
    failed.map_or(Ok(settings), Err)
}

fn store<S>(
    operator: &str,
    parameter: &Parameter<S>,
    settings: &mut S,
    argument: Argument,
    sink: &mut Sink,
) -> Result<(), Reported> {
    let location = argument.location;
    let name = parameter.name;
    let refuse = |sink: &mut Sink, problem: String| {
        sink.error(
            &codes::OPERATOR_ARGUMENT,
            location,
            format!("{operator}: {problem}."),
        )
    };
    let operand = match (argument.value, parameter.slot.ty()) {
        (ArgumentValue::Encoding(encoding), None) => {
            parameter.slot.set_encoding(settings, encoding);
            return Ok(());
        }
        (ArgumentValue::Scalar(operand), Some(_)) => operand,
        (ArgumentValue::Encoding(_), Some(ty)) => {
            return Err(refuse(
                sink,
                format!("'{name}' is of type {ty}, not Encoding"),
            ));
        }
        (ArgumentValue::Scalar(operand), None) => {
            let found = operand.type_name();
            return Err(refuse(
                sink,
                format!("'{name}' is of type Encoding, not {found}"),
            ));
        }
    };
    let ty = parameter.slot.ty().unwrap_or(Type::STRING);
    let found = operand.type_name();
    let Ok(expression) = implicit(operand, ty) else {
        return Err(refuse(
            sink,
            format!("'{name}' is of type {ty}, not {found}"),
        ));
    };
    let ExpressionKind::Constant(value) = &expression.kind else {
        let message = "Expression cannot be constant folded.";
        return Err(sink.error(&codes::NOT_CONSTANT, location, message));
    };
    parameter
        .slot
        .set(settings, value)
        .map_err(|refusal| match refusal {
            Refusal::Value(problem) => refuse(sink, format!("'{name}' {problem}")),
            Refusal::CharFormat(format) => {
                let message = format!("The char format '{format}' is not supported.");
                sink.error(&codes::UNSUPPORTED_CHAR_FORMAT, location, message)
            }
        })
}

/// The encoding that an `Encoding` property names.
pub(crate) fn encoding_named(property: &str) -> Option<Encoding> {
    Some(match property {
        "UTF8" => Encoding::Utf8,
        "Unicode" => Encoding::Utf16Le,
        "BigEndianUnicode" => Encoding::Utf16Be,
        "UTF32" => Encoding::Utf32Le,
        "UTF7" => Encoding::Utf7,
        "ASCII" => Encoding::Ascii,
        _ => return None,
    })
}

/// The encoding of `Encoding.GetEncoding(x)`: a code page or a Unicode form, by number or name.
pub(crate) fn encoding_of(value: &Value) -> Option<Encoding> {
    Some(match value {
        Value::Int(65001) => Encoding::Utf8,
        Value::Int(1200) => Encoding::Utf16Le,
        Value::Int(1201) => Encoding::Utf16Be,
        Value::Int(12000) => Encoding::Utf32Le,
        Value::Int(65000) => Encoding::Utf7,
        Value::Int(20127) => Encoding::Ascii,
        Value::Int(number) => Encoding::CodePage(CodePage::numbered(u16::try_from(*number).ok()?)?),
        Value::String(name) => match name.to_ascii_lowercase().as_str() {
            "utf-8" => Encoding::Utf8,
            "utf-16" | "unicode" => Encoding::Utf16Le,
            "utf-16be" | "unicodefffe" => Encoding::Utf16Be,
            "utf-32" => Encoding::Utf32Le,
            "utf-7" => Encoding::Utf7,
            "us-ascii" => Encoding::Ascii,
            name => Encoding::CodePage(CodePage::named(name)?),
        },
        _ => return None,
    })
}
