/** Numbers that look random and are the same in every run (a linear congruence with Knuth's constants). */
export function seeded(seed: number): (below: number) => number {
  let state = BigInt(seed);
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(below));
  };
}

/** So many digits, the first not zero unless it is alone. */
export function digits(random: (below: number) => number, length: number): string {
  return Array.from({ length }, (_, place) => String(place === 0 && length > 1 ? 1 + random(9) : random(10))).join('');
}
