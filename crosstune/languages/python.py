"""Python."""

from crosstune.languages._language import Language, Tool
from crosstune.languages._python_judging import JUDGING

LANGUAGE = Language(
    name="python",
    title="Python",
    extensions=(".py",),
    fences=("python", "py", "python3"),
    comment="#",
    block="indent",
    stops=("\nclass ", "\ndef ", "\n#", "\n@", "\nprint(", "\nif ", "\n```", "\nassert "),
    tools=(Tool(name="python3", install="sudo apt-get install python3"),),
    judging=JUDGING,
)
