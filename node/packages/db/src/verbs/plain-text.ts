/** What no database keeps in a text column: NUL, and halves of surrogate pairs. */
const unstorable = /[\0\p{Surrogate}]/gu;

/**
 * Text as it will be kept in a column that is not JSON: NUL and lone surrogates become U+FFFD. Parameters of statements are treated so by the adapters;
 * this is for text that travels inside a JSON parameter (PostgreSQL refuses to unpack such escapes), and for answering what was stored.
 */
export function plainText(text: string): string {
  return text.replace(unstorable, "\ufffd");
}
