"""What bounds a file and its network: files come from strangers. docs/language.md lists these."""

from __future__ import annotations

# A file.
FILE_LIMIT = 12 * 2**20  # bytes in a file
NODES_LIMIT = 1_500_000  # values, lists and mappings in a file
FILE_DEPTH_LIMIT = 64  # levels of lists and mappings
MISTAKES_LIMIT = 100  # mistakes shown

# Its values.
NAME_LIMIT = 64  # characters in a name
TITLE_LIMIT = 200  # characters in the network's name
TEXT_LIMIT = 2_000  # characters in a text, such as a description
DIGITS_LIMIT = 18  # characters in a number
INTEGER_LIMIT = 10**9  # an integer in a file
VALUES_LIMIT = 200  # variables, arguments of a block, and inputs
LIST_LIMIT = 10_000  # values in a list that is an argument
PARTS_LIMIT = 1_000  # parts of a split
LIST_DEPTH_LIMIT = 3  # levels of such a list
WILDCARDS_LIMIT = 50  # paths with `*` under `expect`

# Its expressions.
EXPRESSION_LIMIT = 1_000  # characters in an expression
EXPRESSION_DEPTH_LIMIT = 50  # levels in an expression
EXPONENT_LIMIT = 100  # an exponent
RESULT_LIMIT = 10**30  # a result: its numerator and its denominator

# Its network.
LAYER_LIMIT = 100_000  # layers, unless `--limit-layers` says otherwise
HIGHEST_LAYER_LIMIT = 10_000_000  # what `--limit-layers` may say
WORK_PER_LAYER = 12  # steps of expansion for each layer that is allowed
NETWORK_DEPTH_LIMIT = 64  # levels of groups, blocks and branches
VARIANTS_LIMIT = 64  # combinations of values that `check --vary` asks for
VARIED_LAYERS_LIMIT = 300_000  # layers of all of them together, of one file
BATCH_LIMIT = 10**9  # samples in a batch
AXIS_LIMIT = 10**12  # positions along an axis of a volume, or its channels
ELEMENTS_LIMIT = 10**18  # elements in a volume
FIELD_LIMIT = 10**30  # the size, stride and start of a receptive field
PERIOD_LIMIT = 4_096  # outputs within which receptive fields repeat
FIGURES_LIMIT = 1_000_000  # figures that paths under `expect` and `published` stand for
STEPS_LIMIT = 2**22  # steps taken to follow the receptive fields of a network
SURVEY_LIMIT = 3_000_000  # layers that `sizes` builds, at all sizes together
PHASES_LIMIT = 2**20  # different receptive fields of all layers together
