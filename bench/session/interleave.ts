type Works = Readonly<Record<string, () => Promise<unknown>>>;

/** What each work answered, one entry a round. */
export type Answers<W extends Works> = { [K in keyof W]: Awaited<ReturnType<W[K]>>[] };

/**
 * Does all works once a round, so that what the machine does meanwhile meets all of them alike: in the order given, then the other way round, and so on.
 * Rounds that do not count come before, until `warmUpMs` have passed: none without it.
 */
export async function interleave<W extends Works>(
  works: W,
  rounds: number,
  warmUpMs: number | null,
  say: (line: string) => void,
): Promise<Answers<W>> {
  const names = Object.keys(works);
  const answers = Object.fromEntries(names.map((name) => [name, [] as unknown[]]));
  const oneRound = async (order: readonly string[]): Promise<Record<string, unknown>> => {
    const round: Record<string, unknown> = {};
    for (const name of order) round[name] = await works[name]!();
    return round;
  };
  const warm = performance.now() + (warmUpMs ?? 0);
  if (warmUpMs !== null) {
    do await oneRound(names);
    while (performance.now() < warm);
  }
  for (let round = 1; round <= rounds; round++) {
    const answer = await oneRound(round % 2 === 1 ? names : [...names].reverse());
    for (const name of names) answers[name]!.push(answer[name]);
    say(`round ${round}: ${names.map((name) => `${name} ${text(answer[name])}`).join(", ")}`);
  }
  return answers as Answers<W>;
}

function text(answer: unknown): string {
  if (typeof answer === "number") return answer.toFixed(answer < 10 ? 3 : 1);
  if (answer === undefined) return "done";
  return JSON.stringify(answer, (_, value: unknown) =>
    typeof value === "number" ? Number(value.toPrecision(4)) : value,
  );
}
