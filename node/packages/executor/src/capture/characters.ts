const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** The first position at or after `at` where a character begins; invalid text is not searched further than a character is long. */
export function startOfCharacters(bytes: Buffer, at: number): number {
  const start = Math.max(0, at);
  for (let i = start; i < start + 4; i++) if (!isContinuation(bytes[i])) return Math.min(i, bytes.length);
  return start;
}

/** The last position at or before `at` where a character has ended. */
export function endOfCharacters(bytes: Buffer, at: number): number {
  for (let i = at - 1; i >= 0 && i >= at - 4; i--) {
    const byte = bytes[i]!;
    if (isContinuation(byte)) continue;
    const length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return i + length > at ? i : at;
  }
  return at;
}
