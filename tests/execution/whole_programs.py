"""Small whole programs in every language: each reads stdin, and does what its name says."""

from __future__ import annotations

from collections.abc import Mapping

SUMS: Mapping[str, str] = {
    "c": """\
#include <stdio.h>
int main(void) {
    long n, sum = 0;
    while (scanf("%ld", &n) == 1) sum += n;
    printf("%ld\\n", sum);
    return 0;
}
""",
    "cpp": """\
#include <iostream>
int main() {
    long n, sum = 0;
    while (std::cin >> n) sum += n;
    std::cout << sum << std::endl;
}
""",
    "go": """\
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	reader := bufio.NewReader(os.Stdin)
	sum, n := 0, 0
	for {
		if _, err := fmt.Fscan(reader, &n); err != nil {
			break
		}
		sum += n
	}
	fmt.Println(sum)
}
""",
    "java": """\
import java.util.*;

public class Solution {
    public static void main(String[] args) {
        Scanner in = new Scanner(System.in);
        long sum = 0;
        while (in.hasNextLong()) sum += in.nextLong();
        System.out.println(Helper.shown(sum));
    }
}

class Helper {
    static String shown(long sum) { return "" + sum; }
}
""",
    "javascript": """\
const words = require("fs").readFileSync(0, "utf8").split(/\\s+/).filter(Boolean);
console.log(String(words.reduce((sum, word) => sum + Number(word), 0)));
""",
    "python": """\
import sys

def main():
    print(sum(map(int, sys.stdin.read().split())))

if __name__ == "__main__":
    main()
""",
    "rust": """\
use std::io::{self, Read};

fn main() {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).unwrap();
    let sum: i64 = text.split_whitespace().map(|word| word.parse::<i64>().unwrap()).sum();
    println!("{}", sum);
}
""",
    "typescript": """\
import * as fs from "fs";

const name: string = fs.readFileSync(0, "utf8");
const words: string[] = name.split(/\\s+/).filter(Boolean);
console.log(String(words.reduce((sum: number, word: string) => sum + Number(word), 0)));
""",
}
"""The sum of the whole numbers read."""

BROKEN: Mapping[str, str] = {
    "c": "int main(void) { return nothing; }\n",
    "cpp": "int main() { return nothing; }\n",
    "go": "package main\n\nfunc main() { nothing() }\n",
    "java": "class A { public static void main(String[] a) { nothing(); } }\n",
    "javascript": "const = 1;\n",
    "python": "def (:\n",
    "rust": "fn main() { nothing() }\n",
    "typescript": "const one: number = 'text';\n",
}
"""Programs that do not compile."""

CRASHES: Mapping[str, str] = {
    "c": '#include <stdio.h>\n#include <stdlib.h>\nint main(void) { printf("1\\n"); fflush(stdout); abort(); }\n',
    "cpp": '#include <stdexcept>\nint main() { throw std::runtime_error("no"); }\n',
    "go": 'package main\n\nfunc main() { panic("no") }\n',
    "java": "class A { public static void main(String[] a) { throw new RuntimeException(); } }\n",
    "javascript": "throw new Error('no');\n",
    "python": "raise ValueError('no')\n",
    "rust": 'fn main() { panic!("no") }\n',
    "typescript": "throw new Error('no');\n",
}
"""Programs that end with an error of their own."""

COUNTS_BYTES: Mapping[str, str] = {
    "c": '#include <stdio.h>\nint main(void) { long n = 0; while (getchar() != EOF) n++; printf("%ld", n); }\n',
    "cpp": (
        "#include <iostream>\n#include <iterator>\n"
        "int main() { std::cin >> std::noskipws;"
        " std::istream_iterator<char> begin(std::cin), end; std::cout << std::distance(begin, end); }\n"
    ),
    "go": (
        'package main\n\nimport (\n\t"fmt"\n\t"io"\n\t"os"\n)\n\n'
        "func main() { data, _ := io.ReadAll(os.Stdin); fmt.Print(len(data)) }\n"
    ),
    "java": (
        "package some.where;\ninterface Main { static void main(String[] a) throws java.io.IOException {"
        " System.out.print(System.in.readAllBytes().length); } }\n"
    ),
    "javascript": "process.stdout.write(String(require('fs').readFileSync(0).length));\n",
    "python": "import sys\nsys.stdout.write(str(len(sys.stdin.buffer.read())))\n",
    "rust": (
        "use std::io::Read;\nfn main() { let mut data = Vec::new();"
        ' std::io::stdin().read_to_end(&mut data).unwrap(); print!("{}", data.len()); }\n'
    ),
    "typescript": "const fs = require('node:fs');\nprocess.stdout.write(String(fs.readFileSync(0).length));\n",
}
"""The number of bytes read, without a newline."""
