function nested(rows: number[][]): number[][] { return rows; }
function word(text: string): string { return text; }
function number(value: number): number { return value; }
function flag(value: boolean): boolean { return value; }
function grow(items: number[]): void { items.push(items.length); }
const swap = ([one, other]: [number, string]): [string, number] => [other, one];
const counts = (given: Record<string, number>) => Object.fromEntries(Object.entries(given).reverse());
const maybe = (value: number | null): number | null => value;
function leave(how: number): number {
  if (how === 0) throw new RangeError("no");
  if (how === 1) process.exit(0);
  while (how === 2);
  return how;
}
