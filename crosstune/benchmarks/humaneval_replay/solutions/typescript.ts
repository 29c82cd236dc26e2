// HumanEval/10 helper
function isPalindrome(string: string): boolean {
  return string === [...string].reverse().join("");
}

// HumanEval/32 helper
function poly(xs: number[], x: number): number {
  return xs.reduce((sum, coefficient, i) => sum + coefficient * x ** i, 0);
}

// HumanEval/38 helper
function encodeCyclic(s: string): string {
  return s.replace(/(.)(..)/gs, "$2$1");
}

// HumanEval/50 helper
function encodeShift(s: string): string {
  return [...s].map((c) => String.fromCharCode(((c.charCodeAt(0) - 97 + 5) % 26) + 97)).join("");
}
