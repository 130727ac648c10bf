type Works = Readonly<Record<string, () => Promise<unknown>>>;

/** What each work answered, one entry a round. */
export type Answers<W extends Works> = { [K in keyof W]: Awaited<ReturnType<W[K]>>[] };

/**
 * Does all works once a round, so that what the machine does meanwhile meets all of them alike: in the order given, then the other way round, and so on.
 * Where `warmUp`, a round comes before that does not count.
 */
export async function interleave<W extends Works>(
  works: W,
  rounds: number,
  warmUp: boolean,
  say: (line: string) => void,
): Promise<Answers<W>> {
  const names = Object.keys(works);
  const answers = Object.fromEntries(names.map((name) => [name, [] as unknown[]]));
  for (let round = warmUp ? 0 : 1; round <= rounds; round++) {
    const order = round % 2 === 1 ? names : [...names].reverse();
    for (const name of order) {
      const answer = await works[name]!();
      if (round > 0) answers[name]!.push(answer);
    }
    if (round > 0)
      say(`round ${round}: ${names.map((name) => `${name} ${text(answers[name]!.at(-1))}`).join(", ")}`);
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
