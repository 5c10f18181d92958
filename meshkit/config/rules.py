"""The rules of reading a mesh file: what the text, its includes and its holes must keep."""

from __future__ import annotations

from meshkit.config.finding import Rule

YAML = "YAML 1.2.2, https://yaml.org/spec/1.2.2/"
DESIGN = "docs/guide: the mesh file"

FILE = Rule(
    "MK001",
    "The file exists and may be read, and is at most 32 MiB.",
    "Nothing can be said about a file that can't be read; a larger one is not a mesh file.",
    "Give the path of the mesh file, and check that you may read it.",
    DESIGN,
)
ENCODING = Rule(
    "MK002",
    "The file is UTF-8 text without control characters.",
    "YAML and JSON are Unicode text.",
    "Save the file as UTF-8.",
    f"{YAML}#52-character-encodings, RFC 8259 section 8.1",
)
SYNTAX = Rule(
    "MK003",
    "The text follows the grammar of YAML, or of JSON when the name ends in .json.",
    "Text that breaks the grammar has no meaning.",
    "Mend the text at the place named.",
    f"{YAML}, RFC 8259",
)
ONE_MAPPING = Rule(
    "MK004",
    "The file is one document, which is a mapping.",
    "A mesh file is one set of named sections.",
    "Write one mapping with the keys of the mesh file; put other documents in files of their own.",
    DESIGN,
)
LIMITS = Rule(
    "MK005",
    "Nesting is at most 100 deep, and aliases add at most 2,000,000 values and never themselves.",
    "A few lines of aliases can stand for more values than fit in memory.",
    "Write the values out, or use fewer aliases.",
    DESIGN,
)
DUPLICATE_KEY = Rule(
    "MK006",
    "A key stands once in its mapping.",
    "Of two entries with one key, one would be lost without a word.",
    "Remove or rename one of the two.",
    f"{YAML}#3213-node-comparison",
)
TEXT_KEY = Rule(
    "MK007",
    "A key is text.",
    "An unquoted 8080 or true is a number or a truth value, not a name.",
    "Put the key in quotes.",
    DESIGN,
)
TAG = Rule(
    "MK008",
    "Tags are those of the YAML core schema, and fit their values.",
    "A tag such as !Ref means something to another tool and nothing here.",
    "Remove the tag and write the value itself.",
    f"{YAML}#103-core-schema",
)
MERGE_KEY = Rule(
    "MK009",
    "The merge key << has a mapping or a list of mappings.",
    "Only the entries of a mapping can be taken over.",
    "Give << an alias of a mapping.",
    "YAML 1.1 type repository, https://yaml.org/type/merge.html",
)
INCLUDE_FORM = Rule(
    "MK010",
    "include is a mapping from files to lists of the top-level keys taken from them.",
    "The keys are stated so that a reader sees where each section comes from.",
    "Write include: {base.yaml: [nodes, defaults]}.",
    DESIGN,
)
INCLUDE_KEY = Rule(
    "MK011",
    "An included file has each key taken from it, in the same form as the including file.",
    "A key that is not there is a misspelling; a list can't be merged with a mapping.",
    "Correct the key, or remove it from the list.",
    DESIGN,
)
INCLUDE_CYCLE = Rule(
    "MK012",
    "No file includes itself, neither directly nor through others.",
    "Such a file would have no end.",
    "Move what both need into a third file.",
    DESIGN,
)
HOLE_FORM = Rule(
    "MK013",
    "${…} is ${var.NAME}, ${env.NAME}, ${account}, ${partition} or ${region}.",
    "Any other form would reach AWS as it is written.",
    "Use one of these forms; write $${ for a literal ${.",
    DESIGN,
)
HOLE_VALUE = Rule(
    "MK014",
    "Each ${var.NAME} has a value.",
    "A name without a value is a misspelling or a forgotten setting.",
    "Give the value: values={...} in a program, --var NAME=VALUE on the command line.",
    DESIGN,
)
HOLE_NOW = Rule(
    "MK015",
    "Names, numbers and choices are known before the program runs.",
    "They decide which resources there are; only texts may become known later.",
    "Give a plain value in place of an Output, an environment variable or ${account}.",
    DESIGN,
)
HOLE_TEXT = Rule(
    "MK016",
    "A value put within a text is a text, a number or a truth value.",
    "A list or a mapping has no one spelling as text.",
    "Let ${var.NAME} stand alone, so that it is replaced with its type.",
    DESIGN,
)
UNUSED_VALUE = Rule(
    "MK017",
    "Each value given has its ${var.NAME} in the file.",
    "A value that nothing uses is a misspelling, or a setting that silently does nothing.",
    "Correct the name, or leave the value out.",
    DESIGN,
    "warning",
)

READING_RULES = (
    FILE, ENCODING, SYNTAX, ONE_MAPPING, LIMITS, DUPLICATE_KEY, TEXT_KEY, TAG, MERGE_KEY,
    INCLUDE_FORM, INCLUDE_KEY, INCLUDE_CYCLE, HOLE_FORM, HOLE_VALUE, HOLE_NOW, HOLE_TEXT,
    UNUSED_VALUE,
)  # fmt: skip
