"""JavaScript, run by Node.js."""

from crosstune.languages._javascript_judging import JUDGING
from crosstune.languages._language import Language, Tool

LANGUAGE = Language(
    name="javascript",
    title="JavaScript",
    extensions=(".js", ".mjs", ".cjs"),
    fences=("javascript", "js", "node"),
    comment="//",
    block="braces",
    stops=("\nconst ", "\nfunction ", "\nlet ", "\nvar ", "\nclass ", "\nconsole.", "\n//", "\n/*", "\n```"),
    tools=(Tool(name="node", install="sudo apt-get install nodejs"),),
    judging=JUDGING,
)
