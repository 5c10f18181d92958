"""The rules of shape: which keys and values the models take."""

from __future__ import annotations

from meshkit.config.finding import Rule
from meshkit.config.rules import DESIGN

API = "App Mesh API Reference; the reference of the mesh file names the type"

OTHER = Rule(
    "MK100",
    "A value has the shape its model asks for.",
    "Only such values have a meaning in a mesh file.",
    "See the reference of the mesh file for this key.",
    DESIGN,
)
UNKNOWN_KEY = Rule(
    "MK101",
    "Every key is one that the mesh file knows.",
    "A misspelt key would otherwise be a setting that silently does nothing.",
    "Correct the key, or remove it.",
    DESIGN,
)
MISSING_KEY = Rule(
    "MK102",
    "Every required key is there.",
    "There is no sensible default for it.",
    "Add the key.",
    API,
)
WRONG_TYPE = Rule(
    "MK103",
    "A value has the type of its key: text, number, truth value, list or mapping.",
    "Values are taken as they are written: 8080 is a number, and 012345670123 unquoted is not one.",
    "Write a value of the type named; put text that looks like a number in quotes.",
    DESIGN,
)
NOT_A_CHOICE = Rule(
    "MK104",
    "A value is one of those its key allows.",
    "AWS refuses any other.",
    "Use one of the values named.",
    API,
)
OUT_OF_RANGE = Rule(
    "MK105",
    "A number is within the limits of its key.",
    "AWS refuses a number outside them.",
    "Use a number within the limits named.",
    API,
)
PATTERN = Rule(
    "MK106",
    "A text has the form of its key: a name, an id, an ARN, a duration.",
    "AWS refuses any other form; names are kept narrow so that none can widen a policy.",
    "Write the text in the form named.",
    API,
)
LENGTH = Rule(
    "MK107",
    "A text, list or mapping is neither too long nor too short.",
    "AWS refuses it otherwise.",
    "Shorten or fill it.",
    API,
)
ONE_OF = Rule(
    "MK108",
    "Of keys that exclude each other, exactly one or at most one is given.",
    "They are a union in the API of App Mesh.",
    "Keep one of them.",
    API,
)

SHAPE_RULES = (
    OTHER, UNKNOWN_KEY, MISSING_KEY, WRONG_TYPE, NOT_A_CHOICE,
    OUT_OF_RANGE, PATTERN, LENGTH, ONE_OF,
)  # fmt: skip

PATTERNS = {
    r"^[A-Za-z0-9_-]{1,255}$": 'a name: letters, digits, "-" and "_", at most 255',
    r"^[A-Za-z0-9_.-]{1,255}$": 'a service name: letters, digits, ".", "-" and "_", at most 255',
    r"^[A-Za-z0-9_.-]{1,64}$": 'a name: letters, digits, ".", "-" and "_", at most 64',
    r"^[0-9]{12}$": "an account id: 12 digits",
    r"^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$": "a region, such as eu-west-1",
    r"^[0-9]{1,10}(ms|s)$": "a duration: a whole number with s or ms, such as 2s or 1500ms",
    r"^arn:aws[a-z-]*:[a-z0-9-]+:[^:]*:[^:]*:.+$": "an ARN, arn:aws:SERVICE:REGION:ACCOUNT:…",
    r"^.{1,128}$": "the key of a tag: 1 to 128 characters on one line",
    r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$": (
        'a Kubernetes name: small letters, digits, "." and "-", at most 253'
    ),
    r"^o-[a-z0-9]{10,32}$": "an organization id, such as o-exampleorg1",
    r"^([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$": "a role's name, with its path if any",
    r"^[A-Za-z0-9]([._-]?[A-Za-z0-9])+$": "the name of a trail: letters, digits, and single . _ -",
    r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$": "the name of a bucket: 3 to 63 of a-z, 0-9, . and -",
    r"^[A-Za-z0-9_/.#-]{1,512}$": "the name of a log group: letters, digits and _ / . # -",
    r"^[A-Za-z0-9_+=,.@*-]{1,64}$": "the name of a role, in which * stands for any text",
    r"^[A-Za-z0-9_+=,.@-]{1,32}$": "a permission set: letters, digits and +=,.@_-, at most 32",
    r"^[A-Za-z0-9_+=,.@-]{1,64}$": "the name of a role: letters, digits and +=,.@_-, at most 64",
    r"^[A-Za-z0-9_+=,.@-]{2,64}$": "a session name: 2 to 64 letters, digits and +=,.@_-",
    r"^([0-9]+h)?([0-9]+m)?([0-9]+s)?$": "a duration, such as 1h or 30m",
    r"^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$": (
        'the name of a cluster: letters, digits, "-" and "_", at most 100'
    ),
    r"^/": "a path, which begins with /",
    r"^/[a-zA-Z0-9@:%_+.~&/=-]{0,199}\*?$": (
        "a path that is called: it begins with /, and may end in *, which stands for any rest"
    ),
    r"^[a-z0-9]([a-z0-9.-]{1,253}[a-z0-9])$": "a domain name in small letters",
    r"^/([!-~]{1,510}/)?$": "an IAM path, which begins and ends with /",
    r"^[A-Za-z0-9]{1,100}$": "a statement id: letters and digits",
    r"^[A-Za-z_][A-Za-z0-9_]*$": 'the name of a variable: letters, digits and "_"',
}
"""What the patterns of the models mean, after "is not"."""
